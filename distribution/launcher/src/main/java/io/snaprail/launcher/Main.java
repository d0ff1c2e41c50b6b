package io.snaprail.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.felix.framework.Felix;
import org.apache.felix.framework.util.FelixConstants;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/** Starts the gateway and waits for its end. */
public final class Main {
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;
  private static final long STOP_TIMEOUT_MS = 15_000;

  /** Set when the process was told to end: what a start then says of it is of no use. */
  private static volatile boolean ending;

  private Main() {}

  /** Runs until the process is told to end; what cannot start is said in one line. */
  public static void main(String[] arguments) {
    long startedAt = Clock.systemUTC().millis();
    try {
      Options options = Options.parse(List.of(arguments));
      run(options, startedAt);
    } catch (LaunchException e) {
      System.err.println("snaprail: " + e.getMessage());
      System.exit(EXIT_USAGE);
    } catch (IOException | BundleException | RuntimeException e) {
      // Undeclared too: threads of the framework would keep the process without a gateway.
      if (!ending) {
        System.err.println("snaprail: cannot start: " + e);
      }
      System.exit(EXIT_FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // A thread that a bundle left behind must not keep the process.
    System.exit(0);
  }

  private static void run(Options options, long startedAt)
      throws LaunchException, IOException, BundleException, InterruptedException {
    prepare(options);
    try (FileChannel channel = openLock(options.data());
        FileLock lock = lock(channel, options.data())) {
      List<Feature> features = new ArrayList<>();
      for (String name : options.features()) {
        features.add(Feature.read(options.home().resolve("features").resolve(name + ".json")));
      }
      Framework framework = new Felix(properties(options, features, startedAt));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(framework), "snaprail-stop"));
      framework.init();
      new Platform(framework.getBundleContext(), options.home().resolve("bundles"))
          .install(features);
      FrameworkEvent end;
      do {
        framework.start();
        end = framework.waitForStop(0);
        // "Restart" in the console.
      } while (end.getType() == FrameworkEvent.STOPPED_UPDATE);
      if (lock.isValid() && end.getType() == FrameworkEvent.ERROR) {
        throw new LaunchException("the framework ended with an error: " + end.getThrowable());
      }
    }
  }

  private static void prepare(Options options) throws LaunchException {
    if (!Files.isDirectory(options.config())) {
      throw new LaunchException(
          "--config: expected a folder with one JSON file a PID, found nothing at "
              + options.config());
    }
    try {
      // What is in there is nobody else's: keys, accounts, secrets.
      if (!Files.isDirectory(options.data())) {
        Files.createDirectories(
            options.data(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new LaunchException(
          "--data: cannot make the folder "
              + options.data()
              + ": "
              + e
              + "; name a folder that you may write",
          e);
    }
  }

  private static FileChannel openLock(Path data) throws LaunchException {
    try {
      return FileChannel.open(
          data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new LaunchException(
          "--data: cannot write to " + data + ": " + e + "; name a folder that you may write", e);
    }
  }

  private static FileLock lock(FileChannel channel, Path data) throws LaunchException, IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new LaunchException(
          "another Snaprail is running on "
              + data
              + "; stop it first, or give this one a folder of its own with --data");
    }
    return lock;
  }

  private static Map<String, Object> properties(
      Options options, List<Feature> features, long startedAt) throws IOException {
    Map<String, Object> properties = new HashMap<>();
    int last = 1;
    for (Feature feature : features) {
      properties.putAll(feature.properties());
      for (Feature.Entry bundle : feature.bundles()) {
        last = Math.max(last, bundle.startOrder());
      }
    }
    // A property of the JVM wins, for tests and for trying things.
    properties.replaceAll((key, value) -> System.getProperty(key, value.toString()));
    properties.put(FelixConstants.LOG_LOGGER_PROP, new OneLineLogger());
    properties.put(Constants.FRAMEWORK_STORAGE, options.data().resolve("cache").toString());
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(last));
    properties.put("snaprail.home", options.home().toString());
    properties.put("snaprail.config", options.config().toString());
    properties.put("snaprail.maps", options.home().resolve("maps").toString());
    properties.put("snaprail.data", options.data().toString());
    properties.put("snaprail.demo", Boolean.toString(options.demo()));
    properties.put("snaprail.version", version());
    properties.put("snaprail.started.at", Long.toString(startedAt));
    properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
    properties.put(
        "org.ops4j.pax.logging.StaticLogbackFile",
        options.home().resolve("etc").resolve("logback.xml").toString());
    // Read by that file.
    System.setProperty("snaprail.data", options.data().toString());
    return properties;
  }

  private static String version() throws IOException {
    Properties version = new Properties();
    try (@Nullable InputStream in = Main.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        version.load(in);
      }
    }
    return version.getProperty("version", "unknown");
  }

  private static void stop(Framework framework) {
    ending = true;
    try {
      framework.stop();
      framework.waitForStop(STOP_TIMEOUT_MS);
    } catch (BundleException e) {
      System.err.println("snaprail: did not stop cleanly: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
