package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.DeviceProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The common settings of a device that is only tried. */
public final class TrialSettings {
  private static final String PID = "service.pid";

  /** What it is called when it has no name yet; nobody sees it. */
  private static final String NAME = "trial";

  private final DeviceSettings settings;

  private TrialSettings(DeviceSettings settings) {
    this.settings = settings;
  }

  /**
   * Checks settings as they would stand in a configuration file.
   *
   * @throws IllegalArgumentException when one is wrong: key, expected and found
   */
  public static TrialSettings of(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    if (String.valueOf(properties.getOrDefault(DeviceProperties.NAME, "")).isBlank()) {
      properties.put(DeviceProperties.NAME, NAME);
    }
    properties.remove(PID);
    DeviceSettings checked = DeviceSettings.of(properties);
    if (!checked.errors().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", checked.errors()));
    }
    return new TrialSettings(checked);
  }

  /** Period of points that set none themselves. */
  public Duration period() {
    return settings.period();
  }

  /** Longest a read may take. */
  public Duration timeout() {
    return settings.timeout();
  }

  DeviceSettings settings() {
    return settings;
  }
}
