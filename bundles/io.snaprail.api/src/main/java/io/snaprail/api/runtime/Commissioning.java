package io.snaprail.api.runtime;

import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.model.Sample;
import io.snaprail.api.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Setting devices up: settings are tried before they are saved, and the tools of the drivers are
 * run. Every use is in the audit log. Safe for any thread.
 */
@ProviderType
public interface Commissioning {
  /** Most runs at once. */
  int MAX_RUNS = 4;

  /** Factory PIDs whose devices can be tried. */
  List<String> pids();

  /** The tools for devices of a factory PID; none when there is no such driver now. */
  List<Tool> tools(String pid);

  /** Well-known devices of a factory PID; none when there is no such driver now. */
  List<Preset> presets(String pid);

  /**
   * Looks at settings without trying them: opens nothing.
   *
   * @return what to mind with them, a sentence each
   * @throws IllegalArgumentException when a setting is wrong or there is no such driver: key,
   *     expected and found
   */
  List<String> check(String pid, Map<String, Object> settings);

  /**
   * Begins to try settings: reads every point once, as polling would, and gives a row for each. The
   * bus may be one that is polled.
   *
   * <p>A row that cannot be used is a row of the table too, with what is wrong with it.
   *
   * @param settings of a device as they would stand in its configuration file; the name may be left
   *     out
   * @param actor who wants it; at least an operator
   * @throws IllegalArgumentException when a setting is wrong or there is no such driver: key,
   *     expected and found
   * @throws IllegalStateException when {@link #MAX_RUNS} are under way
   * @throws SecurityException when the actor may only look
   */
  Run test(String pid, Map<String, Object> settings, Principal actor);

  /**
   * Begins to run a tool. Settings are the driver's to check: when one is wrong the run fails, and
   * its message names key, expected and found.
   *
   * @param parameters by their id; those that are left out have their initial values
   * @throws IllegalArgumentException when there is no such driver or tool, or a parameter is wrong
   * @throws IllegalStateException when {@link #MAX_RUNS} are under way
   * @throws SecurityException when the actor may only look, or the tool is for administrators and
   *     the actor is none
   */
  Run run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      Principal actor);

  /** A run of the last ten minutes, as it is now. */
  Optional<Run> find(String id);

  /** Ends a run soon; what it has found stays. Does nothing when it has ended. */
  void cancel(String id);

  /**
   * A run as it is now.
   *
   * @param id for {@link #find}
   * @param title what it does
   * @param state whether it goes on
   * @param message why it failed; else where it is; may be empty
   * @param done how far it is, of {@code of}; both 0 when that is not known
   * @param of see {@code done}
   * @param columns heads of the table
   * @param firstRow number of the first row that is kept, from 0: of a live tool only the newest
   *     are
   * @param rows the table so far, from {@code firstRow}; 10,000 rows at most
   * @param files texts to keep, by the name of a file
   * @param samples what a test read, when it is one; a row of the table tells the same in words
   */
  record Run(
      String id,
      String title,
      State state,
      String message,
      int done,
      int of,
      List<String> columns,
      long firstRow,
      List<List<String>> rows,
      Map<String, String> files,
      List<Sample> samples) {
    /** Copies. */
    public Run {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      files = Map.copyOf(files);
      samples = List.copyOf(samples);
    }

    /** Whether a run goes on. */
    public enum State {
      /** It goes on. */
      RUNNING,
      /** It has come to its end. */
      DONE,
      /** It could not go on; the message says why. */
      FAILED,
      /** Somebody has ended it. */
      CANCELLED
    }
  }
}
