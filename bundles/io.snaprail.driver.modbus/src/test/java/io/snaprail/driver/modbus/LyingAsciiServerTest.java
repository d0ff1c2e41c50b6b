package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.Wire;
import java.time.Duration;
import java.util.List;

/**
 * Lies in ASCII frames on TCP. None carries a transaction identifier, so any doubt ends the
 * connection.
 */
class LyingAsciiServerTest extends LyingServerSuite {
  @Override
  protected Wire wire() {
    return Wire.ASCII_OVER_TCP;
  }

  @Override
  protected List<Lie> ownLies() {
    return List.of(
        Lie.fast("wrong checksum", Behaviour.wrongChecksum()),
        Lie.fast("damaged", Behaviour.damaged()),
        Lie.fast("long byte count", Behaviour.longByteCount()),
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
  protected int connectionsAfterExceptions(int exceptions) {
    return 1 + exceptions;
  }
}
