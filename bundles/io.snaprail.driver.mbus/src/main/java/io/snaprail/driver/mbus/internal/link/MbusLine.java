package io.snaprail.driver.mbus.internal.link;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SharedPorts;
import java.time.Duration;

/**
 * Requests to meters and their answers (EN 13757-2). Used by one thread at a time.
 *
 * <p>A meter answers between 11 bit times and 330 bit times + 50 ms after the request (clause
 * 5.7.2); what comes later belongs to nobody, and is let go by before the next request.
 */
public final class MbusLine {
  private static final int ANSWER_BITS = 330;
  private static final int REST_BITS = 33;
  private static final Duration ANSWER = Duration.ofMillis(50);
  private static final Duration USUAL_MARGIN = Duration.ofMillis(150);

  /** Silence within a frame that ends it: for adapters and networks, which deliver in pieces. */
  private static final Duration GAP = Duration.ofMillis(250);

  private static final Duration REST = Duration.ofMillis(10);

  private final SharedPorts.Use use;
  private final Duration wait;
  private final Duration rest;
  private final int tries;

  /**
   * A line that is not open yet.
   *
   * @param margin how long an answer may take beyond what the standard allows, such as on a way
   *     through a network; zero for a usual one
   * @param retries further requests when there was no good answer
   */
  public MbusLine(SharedPorts.Use use, Duration margin, int retries) {
    this.use = use;
    LineSettings line = use.settings().line();
    this.wait = bits(line, ANSWER_BITS).plus(ANSWER).plus(margin.isZero() ? USUAL_MARGIN : margin);
    this.rest = bits(line, REST_BITS).plus(REST);
    this.tries = 1 + retries;
  }

  private static Duration bits(LineSettings line, int count) {
    return Duration.ofNanos(count * 1_000_000_000L / line.baud());
  }

  /** The name of the line for messages. */
  public String name() {
    return use.settings().address().toString();
  }

  /**
   * Asks until a frame comes, as often as is set.
   *
   * @param what is asked, for messages
   * @throws DriverException when there was no good answer
   */
  public Frame ask(byte[] request, String what, Deadline deadline) throws DriverException {
    for (int left = tries; ; left--) {
      try {
        return askOnce(request, what, deadline);
      } catch (DriverException e) {
        boolean again = e.sent() && e.kind() != DriverException.Kind.CONFIGURATION;
        if (left <= 1 || !again || deadline.expired()) {
          throw e;
        }
      }
    }
  }

  /**
   * Asks once for what need not be answered.
   *
   * @return whether E5 came back
   * @throws DriverException when it could not be sent
   */
  public boolean tell(byte[] request, String what, Deadline deadline) throws DriverException {
    try {
      return askOnce(request, what, deadline) instanceof Frame.Ack;
    } catch (DriverException e) {
      if (e.sent()) {
        return false;
      }
      throw e;
    }
  }

  private Frame askOnce(byte[] request, String what, Deadline deadline) throws DriverException {
    boolean sent = false;
    try {
      SerialConnection connection = use.open(deadline);
      settle(connection, deadline);
      if (deadline.expired()) {
        throw DriverException.unreachable(name() + ": no time left for " + what, null);
      }
      sent = true;
      connection.write(request, deadline);
      return answer(connection, request.length, what, deadline);
    } catch (SerialException e) {
      throw e.toDriverException(sent);
    }
  }

  /** Lets go by what still comes, until the line rests. */
  private void settle(SerialConnection connection, Deadline deadline) throws SerialException {
    byte[] buffer = new byte[256];
    connection.discardInput();
    int read;
    do {
      read = connection.read(buffer, deadline.orIn(rest));
    } while (read > 0 && !deadline.expired());
  }

  private Frame answer(SerialConnection connection, int sent, String what, Deadline deadline)
      throws SerialException, DriverException {
    LineSettings line = use.settings().line();
    byte[] bytes = new byte[Frame.LONGEST];
    Deadline until = deadline.orIn(wait.plus(Duration.ofNanos(sent * line.characterNanos())));
    int count = 0;
    int length = 1;
    try {
      while (count < length) {
        int read = connection.read(bytes, count, length - count, until);
        if (read == 0) {
          throw missing(what, count, length, deadline);
        }
        count += read;
        length = Frame.length(bytes, count);
        until = deadline.orIn(GAP.plus(Duration.ofNanos((length - count) * line.characterNanos())));
      }
      return Frame.parse(bytes, length);
    } catch (BrokenFrameException e) {
      throw DriverException.wrongAnswer(
          name() + ": damaged answer to " + what + ": " + e.getMessage(), e);
    }
  }

  private DriverException missing(String what, int count, int length, Deadline deadline) {
    if (count > 0) {
      return DriverException.wrongAnswer(
          "%s: the answer to %s broke off: expected %d bytes or more, found %d"
              .formatted(name(), what, length, count),
          null);
    }
    String time =
        deadline.expired() ? "before timeout.ms was over" : "within " + wait.toMillis() + " ms";
    return DriverException.noAnswer(name() + ": no answer to " + what + " " + time, null);
  }
}
