package io.snaprail.benchmarks.uplink;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.UplinkSpool;
import io.snaprail.benchmarks.localiot.Pki;
import io.snaprail.benchmarks.localiot.Server;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.internal.paho.PahoConnector;
import io.snaprail.mqtt.internal.telemetry.Counters;
import io.snaprail.mqtt.internal.telemetry.Pipeline;
import io.snaprail.mqtt.internal.telemetry.TopicTemplate;
import io.snaprail.storage.internal.spool.SpoolsComponent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Messages of 1 KB with QoS 1 to Mosquitto over mutual TLS: through spool and connector without
 * shaping, and by the bare Paho client with the same window, in turn, in the same run. Argument: a
 * folder on the disk that the spool is to use.
 */
public final class UplinkBenchmark {
  private static final int MESSAGE_BYTES = 1024;
  private static final String TOPIC = "benchmark";

  /** The uplink's own. */
  private static final int WINDOW = 80;

  private static final int RUNS = 5;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What waits in the spool, so that the connector always has something. */
  private static final int WAITING = 1_000;

  private static final long AMPLE_MS = 10_000;

  private final Path folder;
  private final SSLContext context;
  private final int port;

  private UplinkBenchmark(Path folder, SSLContext context, int port) {
    this.folder = folder;
    this.context = context;
    this.port = port;
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Pki pki = new Pki(folder);
    pki.make();
    try (Server broker = Server.mosquitto(pki)) {
      new UplinkBenchmark(folder, pki.context("client"), broker.port()).compare();
    }
  }

  private void compare() throws Exception {
    List<String> durabilities = List.of("always", "spill");
    double[] bare = new double[RUNS];
    double[][] ours = new double[durabilities.size()][RUNS];
    for (int run = 0; run < RUNS; run++) {
      bare[run] = bare();
      for (int i = 0; i < ours.length; i++) {
        ours[i][run] = uplink(durabilities.get(i));
      }
      System.out.printf(
          "  run %d: Paho %,.0f/s, always %,.0f/s, spill %,.0f/s%n",
          run + 1, bare[run], ours[0][run], ours[1][run]);
    }
    System.out.printf(
        "uplink: 1 KB, QoS 1, mutual TLS, window %d: bare Paho %,.0f/s%n", WINDOW, median(bare));
    double[] targets = {0.5, 0.8};
    for (int i = 0; i < ours.length; i++) {
      double share = median(ours[i]) / median(bare);
      System.out.printf(
          "  through the spool, %s: %,.0f/s, %.2f of it (target >= %.1f: %s)%n",
          durabilities.get(i),
          median(ours[i]),
          share,
          targets[i],
          share >= targets[i] ? "met" : "MISSED");
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double bare() throws MqttException, InterruptedException {
    MqttAsyncClient client =
        new MqttAsyncClient("ssl://localhost:" + port, "bare", new MemoryPersistence());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setSocketFactory(context.getSocketFactory());
    options.setMaxInflight(WINDOW + 50);
    client.connect(options).waitForCompletion(AMPLE_MS);
    Semaphore window = new Semaphore(WINDOW);
    Answers answers = new Answers(window);
    byte[] payload = new byte[MESSAGE_BYTES];
    long measuredFrom = System.nanoTime() + WARM_UP_NANOS;
    long end = measuredFrom + MEASURED_NANOS;
    long before = -1;
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      if (before < 0 && now >= measuredFrom) {
        before = answers.count;
      }
      if (window.tryAcquire(AMPLE_MS, TimeUnit.MILLISECONDS)) {
        client.publish(TOPIC, payload, 1, false, null, answers);
      }
    }
    double rate = perSecond(answers.count - before);
    client.disconnectForcibly(0, 0, false);
    client.close(true);
    return rate;
  }

  private static double perSecond(long messages) {
    return (double) messages * 1e9 / (double) MEASURED_NANOS;
  }

  /** Makes room in the window; called by one thread of the client's. */
  private static final class Answers implements IMqttActionListener {
    private final Semaphore window;
    private volatile long count;

    Answers(Semaphore window) {
      this.window = window;
    }

    // Only the client's one thread for callbacks writes it.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    @Override
    public void onSuccess(IMqttToken token) {
      count++;
      window.release();
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
      throw new IllegalStateException("the broker is there all the time", cause);
    }
  }

  private double uplink(String durability) throws Exception {
    SpoolSettings settings =
        new UplinkSpool(
                UplinkSpool.BYTES,
                UplinkSpool.AGE_HOURS,
                0,
                UplinkSpool.FULL,
                durability,
                SpoolSettings.DEFAULT_MEMORY_BYTES)
            .settings();
    Board board = new Board();
    Spool spool = new SpoolsComponent(folder.resolve(durability), board).open("up", settings);
    Counters counters = new Counters();
    Pipeline pipeline = pipeline(spool, settings, counters, board);
    pipeline.start();
    long measuredFrom = System.nanoTime() + WARM_UP_NANOS;
    long end = measuredFrom + MEASURED_NANOS;
    long before = -1;
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      if (before < 0 && now >= measuredFrom) {
        before = counters.acknowledged();
      }
      if (spool.stats().entries() < WAITING) {
        append(spool);
      } else {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
    double rate = perSecond(counters.acknowledged() - before);
    pipeline.close();
    return rate;
  }

  private static void append(Spool spool) {
    for (int i = 0; i < WAITING / 10; i++) {
      if (spool.append(Spool.Lane.NORMAL, TOPIC, new byte[MESSAGE_BYTES]) < 0) {
        throw new IllegalStateException("the spool has room for this");
      }
    }
  }

  private Pipeline pipeline(
      Spool spool, SpoolSettings settings, Counters counters, ProblemBoard board) {
    MqttSettings connection =
        new MqttSettings(
            "up",
            "localhost",
            port,
            new TlsSettings("client", "ca"),
            new ClientSettings("ours", Duration.ofSeconds(30)));
    TelemetrySettings what = new TelemetrySettings(TOPIC, Map.of(), List.of(), settings);
    return new Pipeline(
        connection,
        what,
        TopicTemplate.parse(TOPIC, Map.of()),
        new Pipeline.Parts(
            spool,
            Encodings.of(Payload.DEFAULT, Map.of()),
            new PahoConnector(connection, new Identity(context)),
            board,
            counters,
            () -> "boot",
            new Pipeline.Time(Clock.systemUTC(), System::nanoTime, new SplittableRandom()),
            () -> {}));
  }

  /** Prints what is wrong: nothing should be. */
  private static final class Board implements ProblemBoard {
    @Override
    public void report(String source, List<Problem> problems) {
      problems.forEach(problem -> System.out.println("  " + problem.message()));
    }

    @Override
    public List<Entry> problems() {
      return List.of();
    }
  }

  /** The one identity. */
  private record Identity(SSLContext tls) implements PahoConnector.Credentials {
    @Override
    public char[] password() {
      return new char[0];
    }

    @Override
    public char[] proxyPassword() {
      return new char[0];
    }

    @Override
    public void accepted(SSLContext context) {}

    @Override
    public void failed(SSLContext context) {}

    @Override
    public String identityText() {
      return "";
    }
  }
}
