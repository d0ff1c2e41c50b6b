package io.snaprail.driver.sml.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.SharedPorts;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A meter that sends by itself. A read waits for its next telegram: so a value is never older than
 * that, and nobody reads while nobody wants to know.
 */
public final class SmlMeter implements AutoCloseable {
  private final SharedPorts.Use use;
  private final LongAdder telegrams = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private volatile String server = "";
  private volatile String fault = "";

  /**
   * Takes part in its port from now on. Opens nothing.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public SmlMeter(SmlConfig config, SharedPorts ports) {
    use = ports.join(SerialSettings.of(config.port(), config.baud()));
  }

  /** See {@link io.snaprail.api.driver.Device#bus()}. */
  public String bus() {
    return "serial:" + use.settings().address();
  }

  /** See {@link io.snaprail.api.driver.Device#compile}. */
  public ReadPlan compile(List<PointDefinition> definitions, PointErrors errors) {
    Points points = new Points(definitions, errors);
    return (sink, deadline) -> points.deliver(next(deadline), sink);
  }

  /**
   * Waits for the next telegram.
   *
   * @throws DriverException when the port cannot be had, or no good telegram came in time
   */
  public SmlFile next(Deadline deadline) throws DriverException {
    try {
      SerialConnection connection = use.open(deadline);
      connection.discardInput();
      return hear(connection, deadline);
    } catch (SerialException e) {
      throw e.toDriverException(false);
    }
  }

  private SmlFile hear(SerialConnection connection, Deadline deadline)
      throws SerialException, DriverException {
    Transport transport = new Transport();
    byte[] buffer = new byte[512];
    long heard = 0;
    String refused = "";
    while (!deadline.expired()) {
      int count = connection.read(buffer, deadline);
      heard += count;
      for (int i = 0; i < count; i++) {
        byte[] file = transport.take(buffer[i]);
        if (file != null) {
          try {
            return taken(SmlFile.of(file));
          } catch (BadFileException e) {
            refused = String.valueOf(e.getMessage());
          }
        }
      }
    }
    throw missing(heard, refused.isEmpty() ? transport.fault() : refused);
  }

  private SmlFile taken(SmlFile file) {
    telegrams.increment();
    server = file.server();
    return file;
  }

  private DriverException missing(long heard, String refused) {
    String where = use.settings().address().toString();
    if (!refused.isEmpty()) {
      bad.increment();
      fault = refused;
      return DriverException.wrongAnswer(where + ": damaged SML telegram: " + refused, null);
    }
    return DriverException.noAnswer(
        heard == 0
            ? where + ": the meter sends nothing; does the optical head sit right?"
            : where
                + ": "
                + heard
                + " bytes have come, but no SML telegram; are port and baud rate right?",
        null);
  }

  /** See {@link io.snaprail.api.driver.Inspectable#inspect()}. */
  public Inspection inspect() {
    return new Inspection(
        List.of(
            new Inspection.Fact("Port", use.settings().address().toString()),
            new Inspection.Fact("Server id", server),
            new Inspection.Fact("Last bad telegram", fault)),
        List.of(
            new Inspection.Figure("telegrams", "Telegrams", (double) telegrams.sum(), ""),
            new Inspection.Figure("bad", "Reads with bad telegrams", (double) bad.sum(), "")),
        List.of());
  }

  /** Leaves the port, and ends a call that is under way. */
  @Override
  public void close() {
    use.close();
  }
}
