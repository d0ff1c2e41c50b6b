package io.snaprail.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The command line.
 *
 * @param home folder of the distribution
 * @param config folder of the configuration
 * @param data folder for everything that the runtime writes
 * @param features names of the features to start, without {@code .json}
 * @param demo whether this is the demo, which shows the claim token
 */
record Options(Path home, Path config, Path data, List<String> features, boolean demo) {

  static Options parse(List<String> arguments) throws LaunchException {
    Path home = Path.of(System.getProperty("snaprail.home", ".")).toAbsolutePath().normalize();
    Path config = home.resolve("config");
    Path data = home.resolve("data");
    List<String> features = new ArrayList<>();
    boolean demo = false;
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--config" -> config = Path.of(value(option, rest));
        case "--data" -> data = Path.of(value(option, rest));
        case "--feature" -> features.add(value(option, rest));
        case "--demo" -> demo = true;
        default ->
            throw new LaunchException(
                "unknown option '"
                    + option
                    + "'; known are --config DIR, --data DIR, --feature NAME, --demo");
      }
    }
    if (features.isEmpty()) {
      throw new LaunchException("no feature named: expected at least one --feature NAME");
    }
    return new Options(home, config.toAbsolutePath(), data.toAbsolutePath(), features, demo);
  }

  private static String value(String option, Iterator<String> rest) throws LaunchException {
    if (!rest.hasNext()) {
      throw new LaunchException("option " + option + " needs a value");
    }
    return rest.next();
  }
}
