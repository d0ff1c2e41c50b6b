package io.snaprail.itests;

import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.itests.recorder.SpoolRecorder;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * {@code snaprail run} from the unpacked archive with simulated devices, an uplink, and the
 * recorder's bundle beside the gateway's own.
 */
final class CrashGateway implements AutoCloseable {
  private static final String RECORDER = "snaprail-test:recorder:1";
  private static final int AFTER_STORAGE_BEFORE_UPLINKS = 25;
  private static final Duration START = Duration.ofSeconds(30);

  private final Path work;
  private final Path home;
  private final Path config;
  private final Path data;
  private Program program;
  private Path record;

  CrashGateway(Path work, int devices) throws Exception {
    this.work = work;
    Program.run("tar", "xzf", Image.ARCHIVE, "-C", work);
    home =
        Image.list(work).stream()
            .filter(p -> p.getFileName().toString().startsWith("snaprail-"))
            .findFirst()
            .orElseThrow();
    config = Files.createDirectories(work.resolve("config"));
    data = work.resolve("data");
    addRecorder();
    write("io.snaprail.console.json", "{\"host\":\"127.0.0.1\",\"port\":" + Ports.stable() + "}");
    for (int i = 0; i < devices; i++) {
      write(
          "io.snaprail.driver.simulator~d" + i + ".json",
          """
          {"points": ["count,counter,uint32", "level,sine:10,float64", "speed,ramp:120:15,float32",
            "state,constant:Demo,string", "on,sine:3,bool"], "period.ms": 25}
          """);
    }
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(config.resolve(file), text);
  }

  private void addRecorder() throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.putValue("Manifest-Version", "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "snaprail-test.recorder");
    main.putValue("Bundle-Version", "1");
    main.putValue("Bundle-Activator", SpoolRecorder.class.getName());
    main.putValue("Import-Package", "org.osgi.framework,io.snaprail.api.uplink");
    Path classes = Path.of(SpoolRecorder.class.getResource("SpoolRecorder.class").getPath());
    try (OutputStream out = Files.newOutputStream(home.resolve("bundles/recorder-1.jar"));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Path file : Image.list(classes.getParent())) {
        jar.putNextEntry(new JarEntry("io/snaprail/itests/recorder/" + file.getFileName()));
        Files.copy(file, jar);
      }
    }
    Path feature = home.resolve("features/base.json");
    JsonObject base = JsonParser.parseString(Image.read(feature)).getAsJsonObject();
    JsonObject bundle = new JsonObject();
    bundle.addProperty("id", RECORDER);
    bundle.addProperty("start-order", AFTER_STORAGE_BEFORE_UPLINKS);
    base.getAsJsonArray("bundles").add(bundle);
    Files.writeString(feature, new Gson().toJson(base));
  }

  /** An identity that the authority signs, and its certificate as root. */
  void trust(OpenSsl authority) throws IOException, InterruptedException {
    start(work.resolve("record-0"));
    Path commands = data.resolve("certificates/commands");
    awaitAlive("the folder " + commands, () -> Files.isDirectory(commands));
    String csr = certificates("csr", "up", "--subject", "CN=gateway");
    Path file = work.resolve("up.pem");
    Files.writeString(file, authority.signed(csr, "extendedKeyUsage=clientAuth\n"));
    certificates("import", "up", file);
    certificates("roots", "broker", authority.file("ca.pem"));
    kill();
  }

  private String certificates(Object... arguments) throws IOException, InterruptedException {
    List<Object> command = new ArrayList<>();
    Collections.addAll(command, "env", javaHome(), home.resolve("bin/snaprail"), "certificates");
    Collections.addAll(command, arguments);
    Collections.addAll(command, "--data", data);
    return Program.run(command.toArray()) + "\n";
  }

  private static String javaHome() {
    return "JAVA_HOME=" + System.getProperty("snaprail.java.home", System.getProperty("java.home"));
  }

  /** The uplink, from the next start on. */
  void uplink(int port, String more) throws IOException {
    write(
        "io.snaprail.mqtt~up.json",
        """
        {"host":"localhost","port":%d,"identity":"up","roots":"broker","topic":"crash/{{device}}",
         "spool.bytes":1073741824,%s}
        """
            .formatted(port, more));
  }

  void start(Path recordTo) throws IOException {
    record = recordTo;
    program =
        Program.start(
            "env",
            javaHome(),
            "SNAPRAIL_JAVA_OPTS=-D" + SpoolRecorder.FILE + "=" + record,
            home.resolve("bin/snaprail"),
            "run",
            "--config",
            config,
            "--data",
            data);
  }

  /** Waits until its record has a line of a kind, 30 s at most. */
  void awaitLine(char kind) {
    awaitAlive(
        "a line " + kind + " in the record",
        () -> Files.exists(record) && Image.read(record).contains("\n" + kind + " "));
  }

  private void awaitAlive(String what, Callable<Boolean> condition) {
    await(what)
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .failFast(
            () -> {
              if (!program.process().isAlive()) {
                throw new AssertionError("the gateway ended: " + said());
              }
            })
        .until(condition);
  }

  List<String> said() {
    return program.lines();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    program.process().toHandle().destroyForcibly();
    if (!program.process().waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the gateway cannot be killed");
    }
  }

  @Override
  public void close() {
    if (program != null) {
      program.process().toHandle().destroyForcibly();
    }
  }
}
