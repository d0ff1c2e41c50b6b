package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The figure that counts, over a real connection. */
class RefusedRegisterTest {

  /** One of 100 gets exception 2: after two cycles the other 99 are fresh in each. */
  @Test
  void theOtherNinetyNineAreFreshInEveryCycleAfterTheFirstTwo() throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start();
        Driver driver = new Driver()) {
      server.unit(1).forbid(Area.HOLDING, 142, 142);
      ReadPlan plan =
          Driver.plan(
              driver.device(server, 1),
              IntStream.range(100, 200)
                  .mapToObj(i -> TestPoints.readable("p" + i, "holding:" + i, "uint16"))
                  .toArray(PointDefinition[]::new));
      Driver.read(plan);
      Driver.read(plan);

      for (int cycle = 1; cycle <= 20; cycle++) {
        server.forgetRequests();
        for (int i = 0; i < 100; i++) {
          server.unit(1).set(Area.HOLDING, 100 + i, 1000 * cycle + i);
        }

        RecordingSink sink = Driver.read(plan);

        for (int i = 0; i < 100; i++) {
          assertThat(sink.value(i)).isEqualTo(i == 42 ? null : new Value.Int(1000L * cycle + i));
        }
        assertThat(sink.reason(42))
            .isEqualTo(
                "exception 2 (illegal data address) from unit 1 at holding 142; tried again in 60"
                    + " s");
        assertThat(server.requests()).hasSize(2);
      }
      assertThat(server.accepted()).isEqualTo(1);
    }
  }
}
