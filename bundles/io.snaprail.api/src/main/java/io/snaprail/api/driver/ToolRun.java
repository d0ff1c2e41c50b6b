package io.snaprail.api.driver;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** One use of a tool: its way to the bus, and where its results go. For the tool's thread only. */
@ProviderType
public interface ToolRun {

  /**
   * Does something alone on a bus: after what is due before it, within about a second, and between
   * the polls of the devices there.
   *
   * @param bus as {@link Device#bus()} names it
   * @param task one request, or few; it ends by itself
   * @throws DriverException what the task throws; or unreachable, when the bus did not become free
   * @throws InterruptedException when the run was cancelled
   */
  <T> T onBus(String bus, BusTask<T> task) throws DriverException, InterruptedException;

  /**
   * The points of the settings that the tool was given: those of the register map ({@code map}),
   * then the rows ({@code points}), read as for a device.
   */
  Points points();

  /**
   * What the gateway would publish if points were read now by a plan: scaled, with their quality.
   * Uses no bus, nor should the plan.
   *
   * @param points as the plan was compiled for
   * @param plan read once, by the calling thread
   * @return one for each point, in their order
   * @throws DriverException what the plan throws
   */
  List<Sample> samples(List<PointDefinition> points, ReadPlan plan) throws DriverException;

  /**
   * A result.
   *
   * @param cells as many as the tool has columns
   */
  void row(List<String> cells);

  /**
   * How far it is.
   *
   * @param text such as {@code unit 17}
   */
  void progress(int done, int of, String text);

  /**
   * A text to keep, such as a register map that was found.
   *
   * @param name of a file, such as {@code inverter.csv}
   */
  void file(String name, String content);

  /** Whether somebody has cancelled it, which it looks at between requests. */
  boolean cancelled();

  /**
   * Points of settings that are not saved yet.
   *
   * @param good those that can be used, as far as the core can tell
   * @param errors one for each row that cannot: its place, column, expected and found
   */
  record Points(List<PointDefinition> good, List<String> errors) {
    /** Copies the lists. */
    public Points {
      good = List.copyOf(good);
      errors = List.copyOf(errors);
    }
  }

  /**
   * What is done alone on a bus.
   *
   * @param <T> what it gives
   */
  @FunctionalInterface
  interface BusTask<T> {
    /** Does it. */
    T run() throws DriverException;
  }
}
