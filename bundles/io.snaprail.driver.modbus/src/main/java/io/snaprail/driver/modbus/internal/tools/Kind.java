package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.FormView;
import java.util.HashMap;
import java.util.Map;

/**
 * A kind of Modbus device, for trying its settings.
 *
 * @param <F> its form: the settings of every kind of configuration that it has
 * @param pid factory PID
 * @param line whether the units share a serial line, be it behind a converter
 * @param rtu whether frames are RTU, whose answers have no length of their own
 * @param maker makes a device as the framework would
 */
public record Kind<F>(String pid, boolean line, boolean rtu, Class<F> form, Maker<F> maker) {
  /** Makes a device. */
  @FunctionalInterface
  public interface Maker<F> {
    /**
     * Connects to nothing.
     *
     * @param form the settings, with defaults for those that are not there
     * @param properties the settings as they were given
     */
    Target make(F form, Map<String, Object> properties);
  }

  /**
   * A device with these settings.
   *
   * @throws IllegalArgumentException when one is wrong: key, expected and found
   */
  public Target open(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    // Whom a port is in use by is told by this, as long as the device has no name.
    properties.put("service.pid", pid + "~(being set up)");
    Target target = maker.make(FormView.of(form, properties), properties);
    try {
      target.bus();
      return target;
    } catch (IllegalArgumentException e) {
      target.close();
      throw e;
    }
  }
}
