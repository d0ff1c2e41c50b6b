package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/**
 * How the server treats a request. The wrong answers carry wrong values too, so that a client that
 * accepts one is found out by what it delivers.
 */
@FunctionalInterface
public interface Behaviour {
  /** Answers, or does something else. */
  void answer(Exchange exchange) throws IOException;

  /** Answers by the book. */
  static Behaviour honest() {
    return x -> x.send(x.frame(x.rightAnswer()));
  }

  /**
   * Answers with a transaction identifier that is off by the given number; not for RTU and ASCII.
   */
  static Behaviour transactionOffBy(int difference) {
    return x ->
        x.send(
            x.wire()
                .frame(x.request().transaction() + difference, 0, x.request().unit(), poisoned(x)));
  }

  /** Answers in the name of another unit. */
  static Behaviour wrongUnit() {
    return x ->
        x.send(
            x.wire()
                .frame(x.request().transaction(), 0, (x.request().unit() + 1) & 0xff, poisoned(x)));
  }

  /** Answers with a protocol identifier that is not Modbus; not for RTU and ASCII. */
  static Behaviour wrongProtocol() {
    return x ->
        x.send(x.wire().frame(x.request().transaction(), 7, x.request().unit(), poisoned(x)));
  }

  /** Answers with another function code. */
  static Behaviour otherFunction() {
    return x -> {
      byte[] pdu = poisoned(x);
      pdu[0] = (byte) (pdu[0] == 3 ? 4 : 3);
      x.send(x.frame(pdu));
    };
  }

  /** Answers with an exception that belongs to another function. */
  static Behaviour exceptionOfOtherFunction() {
    return x -> x.send(x.frame(new byte[] {(byte) (x.request().function() ^ 0x81), 2}));
  }

  /** Answers with fewer data than asked for, in itself well-formed. */
  static Behaviour shortAnswer() {
    return x -> x.send(x.frame(Frames.resized(poisoned(x), -2)));
  }

  /** Answers with more data than asked for, in itself well-formed. */
  static Behaviour longAnswer() {
    return x -> x.send(x.frame(Frames.resized(poisoned(x), 2)));
  }

  /** Answers with a byte count that is larger than the data. */
  static Behaviour longByteCount() {
    return x -> {
      byte[] pdu = poisoned(x);
      pdu[1] = (byte) (pdu[1] + 2);
      x.send(x.frame(pdu));
    };
  }

  /** Answers with a length in the header that is not that of the answer; not for RTU and ASCII. */
  static Behaviour lengthField(int length) {
    return x -> {
      byte[] frame = x.frame(poisoned(x));
      Frames.putWord(frame, 4, length);
      x.send(frame);
    };
  }

  /** Answers with a wrong checksum; only for RTU and ASCII. */
  static Behaviour wrongChecksum() {
    return x -> {
      byte[] frame = x.frame(poisoned(x));
      x.wire().damage(frame, true);
      x.send(frame);
    };
  }

  /** Answers right but for what was damaged on the way; only for RTU and ASCII. */
  static Behaviour damaged() {
    return x -> {
      byte[] frame = x.frame(x.rightAnswer());
      x.wire().damage(frame, false);
      x.send(frame);
    };
  }

  /** Sends the first bytes of an answer and never the rest. */
  static Behaviour truncated() {
    return x -> x.sendPart(firstHalf(x));
  }

  /** Answers with a slave exception. */
  static Behaviour exception(int code) {
    return x -> x.send(x.frame(RegisterImage.exception(x.request().pdu(), code)));
  }

  /** Answers with a slave exception and then with the answer all the same, as some gateways do. */
  static Behaviour exceptionThenAnswer(int code, Duration after) {
    return x -> {
      byte[] late = x.frame(poisoned(x));
      exception(code).answer(x);
      x.sendLater(after, late);
    };
  }

  /** Never answers. */
  static Behaviour silence() {
    return x -> {};
  }

  /** Answers too late; takes the next request in the meantime. */
  static Behaviour late(Duration delay) {
    return x -> x.sendLater(delay, x.frame(poisoned(x)));
  }

  /** Puts other bytes before the answer. */
  static Behaviour garbageBefore(byte... garbage) {
    return x -> {
      x.send(garbage);
      x.send(x.frame(poisoned(x)));
    };
  }

  /** Answers right and puts other bytes after the answer. */
  static Behaviour garbageAfter(byte... garbage) {
    return x -> {
      byte[] right = x.frame(x.rightAnswer());
      byte[] both = Arrays.copyOf(right, right.length + garbage.length);
      System.arraycopy(garbage, 0, both, right.length, garbage.length);
      x.send(both);
    };
  }

  /** Answers right, and then wrong as if to the same request. */
  static Behaviour answeredTwice() {
    return x -> x.sendTogether(x.frame(x.rightAnswer()), x.frame(poisoned(x)));
  }

  /** Closes the connection without an answer. */
  static Behaviour closed() {
    return Exchange::close;
  }

  /** Closes the connection in the middle of the answer. */
  static Behaviour closedMidAnswer() {
    return x -> {
      x.sendPart(firstHalf(x));
      x.close();
    };
  }

  /** Breaks the connection in the middle of the answer. */
  static Behaviour resetMidAnswer() {
    return x -> {
      x.sendPart(firstHalf(x));
      x.reset();
    };
  }

  /** Answers right, a byte at a time. */
  static Behaviour trickle(Duration perByte) {
    return x -> x.sendSlowly(x.frame(x.rightAnswer()), perByte);
  }

  private static byte[] poisoned(Exchange x) throws IOException {
    return Frames.poisoned(x.rightAnswer());
  }

  private static byte[] firstHalf(Exchange x) throws IOException {
    byte[] frame = x.frame(poisoned(x));
    return Arrays.copyOf(frame, Math.min(frame.length / 2 + 3, frame.length - 1));
  }
}
