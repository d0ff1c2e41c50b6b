package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.DriverException;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that nobody asked for shows that something is wrong: it does not cost a time-out. */
class StrangeAnswerTest {
  @ParameterizedTest
  @EnumSource(names = {"TCP", "UDP"})
  void anAnswerToARequestThatWasNeverSentEndsTheWait(Wire wire) throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(wire);
        Driver driver = new Driver()) {
      server.next(Behaviour.transactionOffBy(1));

      DriverException failure =
          Driver.readFails(
              Driver.plan(
                  driver.deviceOf(server, 1), TestPoints.readable("a", "holding:0", "int16")));

      assertThat(failure.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
      assertThat(failure).hasMessageContaining("transaction identifier of another request");
    }
  }
}
