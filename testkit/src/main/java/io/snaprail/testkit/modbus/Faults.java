package io.snaprail.testkit.modbus;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that {@link Behaviour} can do wrong on a wire, by name: for long hostile runs. */
public final class Faults {
  private Faults() {}

  /**
   * The faults of a wire.
   *
   * @param timeout how long the client waits for an answer; what comes late comes after one and a
   *     half of it
   */
  public static Map<String, Behaviour> of(Wire wire, Duration timeout) {
    Duration late = timeout.multipliedBy(3).dividedBy(2);
    Map<String, Behaviour> faults = new LinkedHashMap<>();
    faults.put("late", x -> x.sendLater(late, x.frame(x.rightAnswer())));
    faults.put("late and wrong", Behaviour.late(late));
    faults.put("silence", Behaviour.silence());
    faults.put("wrong unit", Behaviour.wrongUnit());
    faults.put("other function", Behaviour.otherFunction());
    faults.put("exception of other function", Behaviour.exceptionOfOtherFunction());
    faults.put("short", Behaviour.shortAnswer());
    faults.put("long", Behaviour.longAnswer());
    faults.put("long byte count", Behaviour.longByteCount());
    faults.put("truncated", Behaviour.truncated());
    faults.put("garbage before", Behaviour.garbageBefore((byte) 0, (byte) 1, (byte) 0));
    faults.put("garbage after", Behaviour.garbageAfter((byte) 0, (byte) 7));
    faults.put("answered twice", Behaviour.answeredTwice());
    faults.put("exception 2", Behaviour.exception(2));
    faults.put("exception 11", Behaviour.exception(11));
    faults.put("exception 6, then the answer", late(6, late));
    faults.put("exception 11, then the answer", late(11, Duration.ofMillis(1)));
    faults.put("closed", Behaviour.closed());
    faults.put("closed in mid answer", Behaviour.closedMidAnswer());
    faults.put("reset in mid answer", Behaviour.resetMidAnswer());
    faults.put("trickle", Behaviour.trickle(timeout.dividedBy(10)));
    if (wire == Wire.TCP || wire == Wire.UDP) {
      header(faults);
    } else {
      faults.put("wrong checksum", Behaviour.wrongChecksum());
      faults.put("damaged", Behaviour.damaged());
    }
    return faults;
  }

  private static Behaviour late(int exception, Duration after) {
    return x -> {
      byte[] answer = x.frame(x.rightAnswer());
      Behaviour.exception(exception).answer(x);
      x.sendLater(after, answer);
    };
  }

  private static void header(Map<String, Behaviour> faults) {
    faults.put("next transaction", Behaviour.transactionOffBy(1));
    faults.put("previous transaction", Behaviour.transactionOffBy(-1));
    faults.put("wrong protocol", Behaviour.wrongProtocol());
    faults.put("length 0", Behaviour.lengthField(0));
    faults.put("length too small", Behaviour.lengthField(4));
    faults.put("length 65535", Behaviour.lengthField(65_535));
  }
}
