package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.StopBits;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.driver.modbus.internal.serial.SerialWish;
import java.time.Duration;
import java.util.Map;

/**
 * The checked settings of a device on a serial port.
 *
 * @param wish how it uses the port
 * @param unit what does not depend on the transport
 */
public record SerialDeviceSettings(SerialWish wish, UnitSettings unit) {
  private static final int MAX_UNIT = 247;
  private static final int MAX_TURNAROUND_MS = 10_000;
  private static final int RTU_BITS = 8;
  private static final int ASCII_BITS = 7;

  /**
   * Checks a configuration.
   *
   * @param config as the component sees it
   * @param properties the same as it was configured, to find what was lost on the way
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static SerialDeviceSettings of(
      SerialMode mode, SerialConfig config, Map<String, Object> properties) {
    Settings.Checks checks = new Settings.Checks(properties);
    int turnaround = checks.range("turnaround.ms", config.turnaround_ms(), 0, MAX_TURNAROUND_MS);
    SerialWish wish =
        new SerialWish(
            device(properties), mode, port(mode, config, checks), Duration.ofMillis(turnaround));
    return new SerialDeviceSettings(
        wish,
        new UnitSettings(
            checks.range("unit", config.unit(), 0, MAX_UNIT),
            config.zero_based(),
            writeFunction(config),
            UnitSettings.limits(checks, config.max_registers(), config.max_gap()),
            UnitSettings.requestTimeout(checks, config.request_timeout_ms()),
            UnitSettings.pause(checks, config.pause_ms())));
  }

  private static WriteFunction writeFunction(SerialConfig config) {
    WriteFunction function = WriteFunction.of(config.write_function(), config.write_multiple());
    if (function == WriteFunction.READWRITE && config.unit() == 0) {
      throw new IllegalArgumentException(
          "write.function: expected auto or multiple, as unit 0 is all units at once, and none"
              + " answers; found readwrite");
    }
    return function;
  }

  private static SerialSettings port(SerialMode mode, SerialConfig config, Settings.Checks checks) {
    if (config.port().isBlank()) {
      throw new IllegalArgumentException(
          "port: expected a serial port, such as /dev/ttyUSB0; found nothing");
    }
    int usual = mode == SerialMode.RTU ? RTU_BITS : ASCII_BITS;
    int bits = config.data_bits() == 0 ? usual : config.data_bits();
    int least = mode == SerialMode.RTU ? RTU_BITS : ASCII_BITS;
    LineSettings line =
        new LineSettings(
            checks.range("baud", config.baud(), LineSettings.MIN_BAUD, LineSettings.MAX_BAUD),
            checks.range("data.bits", bits, least, RTU_BITS),
            Parity.parse(config.parity()),
            StopBits.parse(config.stop_bits()),
            FlowControl.NONE);
    Rs485 direction =
        new Rs485(
            Rs485.Direction.parse(config.rs485_direction()),
            config.rs485_rts_high_on_send(),
            config.rs485_delay_before_ms(),
            config.rs485_delay_after_ms());
    return new SerialSettings(SerialAddress.parse(config.port()), line, direction, config.echo());
  }

  /** As {@link DeviceProperties#NAME} says. */
  private static String device(Map<String, Object> properties) {
    Object name = properties.get(DeviceProperties.NAME);
    if (name instanceof String text && !text.isBlank()) {
      return text;
    }
    String pid = String.valueOf(properties.get("service.pid"));
    return pid.substring(pid.indexOf('~') + 1);
  }
}
