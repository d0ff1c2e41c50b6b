package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Behaviour;
import java.time.Duration;
import java.util.List;

/**
 * Lies in frames of serial lines on TCP. None carries a transaction identifier, so any doubt ends
 * the connection.
 */
abstract class LyingLineServerSuite extends LyingServerSuite {
  /** A byte count that is larger than the data: it shows at once, or when no more comes. */
  abstract Lie longByteCount(Behaviour behaviour);

  @Override
  protected final List<Lie> ownLies() {
    return List.of(
        Lie.fast("wrong checksum", Behaviour.wrongChecksum()),
        Lie.fast("damaged", Behaviour.damaged()),
        longByteCount(Behaviour.longByteCount()),
        Lie.fast("exception 11", Behaviour.exception(11)),
        Lie.fast(
            "exception 11, then the answer",
            Behaviour.exceptionThenAnswer(11, Duration.ofMillis(1))),
        Lie.fast("exception 5, then the answer", Behaviour.exceptionThenAnswer(5, Duration.ZERO)),
        Lie.fast("closed", Behaviour.closed()),
        Lie.slow("truncated", Behaviour.truncated()),
        Lie.slow("trickle", Behaviour.trickle(Duration.ofMillis(20))));
  }

  @Override
  protected final int connectionsAfterExceptions(int exceptions) {
    return 1 + exceptions;
  }
}
