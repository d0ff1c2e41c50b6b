package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.line.LineSpec;
import io.snaprail.driver.serial.internal.line.SerialLines;
import java.util.List;

/** Looks at the settings of a sensor without joining its line. */
public final class SensorCheck {
  private SensorCheck() {}

  /**
   * What to mind with settings, a sentence each.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public static List<String> notes(LineConfig line, SensorConfig config) {
    Checksum checksum = SensorSettings.of(line, config).checksum();
    if (checksum == null) {
      return List.of(
          "There is no checksum: a damaged frame is taken for a good one unless its form is broken."
              + " If the device can send a checksum, set it here; else give points a range, such as"
              + " number(0..100).");
    }
    if (!checksum.weak()) {
      return List.of();
    }
    return List.of(
        "The checksum "
            + checksum.algorithm().code()
            + " is weak: about one of 256 damaged frames is taken for a good one. Points that have"
            + " a range, such as number(0..100), are safer.");
  }

  /**
   * Sees that trying these settings disturbs nobody who uses the port now.
   *
   * @throws IllegalArgumentException when it would, or a setting is wrong
   */
  public static void free(LineConfig line, SensorConfig config, String name, SerialLines lines) {
    SensorSettings settings = SensorSettings.of(line, config);
    String conflict =
        lines.conflict(new LineSpec(name, settings.serial(), settings.listens(), settings.init()));
    if (!conflict.isEmpty()) {
      throw new IllegalArgumentException(
          "port: "
              + conflict
              + "; nothing was tried, so that the device in use goes on: switch it off (enabled) to"
              + " try other settings");
    }
  }
}
