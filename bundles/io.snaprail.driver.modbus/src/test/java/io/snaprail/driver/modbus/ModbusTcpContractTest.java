package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.modbus.Wire;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The Modbus driver keeps to the contract of every driver. */
class ModbusTcpContractTest extends DriverContract {

  @Override
  protected DeviceRig createRig() throws IOException {
    return new ModbusRig(Wire.TCP);
  }

  @Test
  void theBusIsNamedAfterProtocolHostAndPort() throws IOException {
    try (ModbusRig rig = new ModbusRig(Wire.TCP)) {
      assertThat(rig.device().bus()).isEqualTo("tcp:127.0.0.1:" + rig.port());
    }
  }
}
