package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.modbus.Wire;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The Modbus driver keeps to the contract of every driver. */
class ModbusAsciiTcpContractTest extends DriverContract {

  @Override
  protected DeviceRig createRig() throws IOException {
    return new ModbusRig(Wire.ASCII_OVER_TCP);
  }

  @Test
  void theBusIsNamedAfterProtocolHostAndPort() throws IOException {
    try (ModbusRig rig = new ModbusRig(Wire.ASCII_OVER_TCP)) {
      assertThat(rig.device().bus()).isEqualTo("asciitcp:127.0.0.1:" + rig.port());
    }
  }
}
