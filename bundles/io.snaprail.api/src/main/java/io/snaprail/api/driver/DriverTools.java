package io.snaprail.api.driver;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a driver offers for setting devices up: a device with settings that are not saved yet, and
 * tools such as a scan of the bus. An OSGi service, one for each driver bundle; everything else
 * (who may use them, the audit log, the order on the bus, how long results are kept) is the core's.
 *
 * <p>Settings are those of a device's configuration file, as the console and the API take them:
 * texts, booleans, {@link Long} or {@link Double}, and lists of them. Safe for any thread.
 */
@ConsumerType
public interface DriverTools {
  /** Service property: the factory PIDs of the devices that it is for. A list of texts. */
  String DEVICE_PIDS = "device.pids";

  /**
   * A device with these settings, for trying them. It is no service, and nobody polls it; whoever
   * asked for it closes it. Does no input or output.
   *
   * @param pid factory PID, one of {@link #DEVICE_PIDS}
   * @throws IllegalArgumentException when a setting is wrong; the message names key, expected and
   *     found
   */
  TrialDevice open(String pid, Map<String, Object> settings);

  /** The tools for devices of a factory PID, in the order in which people need them. */
  List<Tool> tools(String pid);

  /** Well-known devices of a factory PID, in the order in which they are offered. */
  default List<Preset> presets(String pid) {
    return List.of();
  }

  /**
   * Looks at settings without opening anything: what to mind with them, for people, such as that a
   * checksum is weak.
   *
   * @return a sentence each; empty when there is nothing to say
   * @throws IllegalArgumentException when a setting is wrong; the message names key, expected and
   *     found
   */
  default List<String> check(String pid, Map<String, Object> settings) {
    return List.of();
  }

  /**
   * Runs a tool to its end. It uses a bus through {@link ToolRun#onBus} only, in pieces as short as
   * they can be, so that polling goes on in between.
   *
   * @param pid factory PID, one of {@link #DEVICE_PIDS}
   * @param tool id of one of its tools
   * @param settings of the device, or as many of them as lead to its bus
   * @param parameters by their id: every parameter of the tool, checked against its kind
   * @throws IllegalArgumentException when a setting or a parameter is wrong; the message names key,
   *     expected and found
   * @throws DriverException when it cannot go on; what it has told of results so far stays
   * @throws InterruptedException when it was cancelled
   */
  void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException;
}
