package io.snaprail.itests;

import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Constants;

/** What makes Pax Exam run the assembled distribution. */
final class FrameworkOptions {
  private static final int LAST_START_LEVEL = 100;

  private FrameworkOptions() {}

  /** The features, on a fresh configuration with the console on a free port. */
  static Option[] distribution(String name, List<String> features) throws IOException {
    Files.createDirectories(Image.WORK);
    Path work = Files.createTempDirectory(Image.WORK, name);
    Path config = Files.createDirectories(work.resolve("config"));
    Files.createDirectories(config.resolve("maps"));
    Files.writeString(
        config.resolve("io.snaprail.console.json"), "{ \"host\": \"127.0.0.1\", \"port\": 0 }\n");
    String data = work.resolve("data").toString();
    List<Option> options = new ArrayList<>();
    Image.bundles(features)
        .forEach(b -> options.add(bundle(b.file().toUri().toString()).startLevel(b.startLevel())));
    Image.properties(features)
        .forEach((key, value) -> options.add(frameworkProperty(key).value(value)));
    options.add(frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
    options.add(frameworkProperty("snaprail.config").value(config.toString()));
    options.add(frameworkProperty("snaprail.maps").value(Image.HOME.resolve("maps").toString()));
    options.add(frameworkProperty("snaprail.data").value(data));
    options.add(systemProperty("snaprail.data").value(data));
    options.add(
        frameworkProperty("org.ops4j.pax.logging.StaticLogbackFile")
            .value(Image.HOME.resolve("etc/logback.xml").toString()));
    options.add(frameworkStartLevel(LAST_START_LEVEL));
    // The probe uses the test libraries of this JVM; the bundles that ship see nothing of them.
    options.add(frameworkProperty(Constants.FRAMEWORK_BUNDLE_PARENT).value("app"));
    options.add(
        bootDelegationPackages(
            "org.assertj.*",
            "org.awaitility",
            "org.awaitility.*",
            "org.hamcrest",
            "org.hamcrest.*",
            "io.snaprail.testkit.modbus",
            "io.snaprail.testkit.peer"));
    options.add(junitBundles());
    return options.toArray(Option[]::new);
  }
}
