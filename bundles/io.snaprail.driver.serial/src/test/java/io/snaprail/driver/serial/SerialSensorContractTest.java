package io.snaprail.driver.serial;

import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import org.junit.jupiter.api.Nested;

/** Instruments that are asked, and such as send by themselves, on each way to a serial port. */
class SerialSensorContractTest {
  @Nested
  class Asked extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.asked(Way.Kind.DIRECT);
    }
  }

  @Nested
  class AskedAtATerminal extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.asked(Way.Kind.TERMINAL);
    }
  }

  @Nested
  class AskedThroughSer2net extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.asked(Way.Kind.SER2NET);
    }
  }

  @Nested
  class AskedByRfc2217 extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.asked(Way.Kind.RFC2217);
    }
  }

  @Nested
  class HeardAtATerminal extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.heard(Way.Kind.TERMINAL);
    }
  }

  @Nested
  class HeardThroughSer2net extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.heard(Way.Kind.SER2NET);
    }
  }

  @Nested
  class HeardByRfc2217 extends DriverContract {
    @Override
    protected DeviceRig createRig() {
      return SensorRig.heard(Way.Kind.RFC2217);
    }
  }
}
