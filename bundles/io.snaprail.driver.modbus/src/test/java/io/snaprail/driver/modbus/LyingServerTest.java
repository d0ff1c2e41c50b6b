package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.Wire;
import java.time.Duration;
import java.util.List;

/** Lies on Modbus TCP. */
class LyingServerTest extends LyingServerSuite {
  @Override
  protected Wire wire() {
    return Wire.TCP;
  }

  @Override
  protected List<Lie> ownLies() {
    return List.of(
        Lie.fast("next transaction", Behaviour.transactionOffBy(1)),
        Lie.fast("previous transaction", Behaviour.transactionOffBy(-1)),
        Lie.fast("wrong protocol", Behaviour.wrongProtocol()),
        Lie.fast("length 0", Behaviour.lengthField(0)),
        Lie.fast("length 1", Behaviour.lengthField(1)),
        Lie.fast("length too small", Behaviour.lengthField(4)),
        Lie.fast("length 65535", Behaviour.lengthField(65_535)),
        Lie.fast("long byte count", Behaviour.longByteCount()),
        Lie.refusal("exception 11", Behaviour.exception(11)),
        Lie.refusal(
            "exception 11, then the answer",
            Behaviour.exceptionThenAnswer(11, Duration.ofMillis(1))),
        Lie.fast("closed", Behaviour.closed()),
        Lie.slow("truncated", Behaviour.truncated()),
        Lie.slow("trickle", Behaviour.trickle(Duration.ofMillis(20))));
  }

  /** An answer that comes late is known by its transaction identifier. */
  @Override
  protected boolean outlivesSilence() {
    return true;
  }

  @Override
  protected int connectionsAfterExceptions(int exceptions) {
    return 1;
  }
}
