package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The Modbus driver keeps to the contract of every driver. */
class ModbusAsciiContractTest extends DriverContract {

  @Override
  protected DeviceRig createRig() throws IOException {
    return new SerialRig(SerialMode.ASCII);
  }

  @Test
  void theBusIsNamedAfterThePort() throws IOException {
    try (SerialRig rig = new SerialRig(SerialMode.ASCII)) {
      assertThat(rig.device().bus()).isEqualTo("serial:" + rig.line.port());
    }
  }
}
