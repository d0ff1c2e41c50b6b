package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.health.MetricSource.Collector;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.mqtt.internal.encoding.ClockSteps;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.internal.encoding.TimedEncoding;
import io.snaprail.mqtt.internal.encoding.WallTime;
import io.snaprail.mqtt.internal.link.Backoff;
import io.snaprail.mqtt.internal.link.ConnectionStatus;
import io.snaprail.mqtt.internal.link.Connector;
import io.snaprail.mqtt.internal.link.Stability;
import io.snaprail.mqtt.internal.link.Supervisor;
import io.snaprail.mqtt.internal.session.Session;
import io.snaprail.mqtt.internal.session.Subscriptions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One uplink: samples, spool, connection, and what people see of it. */
public final class Pipeline implements TelemetryUplink {
  private final MqttSettings settings;
  private final Spool spool;
  private final ClockSteps steps;
  private final Counters counters;
  private final ConnectionStatus status;
  private final Subscriptions subscriptions;
  private final Session session;
  private final Supervisor supervisor;
  private final Telemetry telemetry;
  private final @Nullable Batcher batcher;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * What a pipeline works with.
   *
   * @param spool waiting entries; closed with the pipeline
   * @param encoding how samples become messages
   * @param connector makes connections
   * @param board takes problems
   * @param counters figures that outlive the pipeline
   * @param bootId of the running gateway
   * @param time clocks and jitter
   * @param whenClosed called once, before anything is torn down
   */
  public record Parts(
      Spool spool,
      TelemetryEncoding encoding,
      Connector connector,
      ProblemBoard board,
      Counters counters,
      Supplier<String> bootId,
      Time time,
      Runnable whenClosed) {}

  /**
   * Sources of time and chance.
   *
   * @param clock for time stamps
   * @param nanoTime for durations, since the gateway was started
   * @param random for jitter
   */
  public record Time(Clock clock, LongSupplier nanoTime, RandomGenerator random) {}

  /** Makes a pipeline that is not yet started; the template was checked before. */
  public Pipeline(
      MqttSettings settings, TelemetrySettings what, TopicTemplate template, Parts parts) {
    this.settings = settings;
    this.spool = parts.spool();
    this.counters = parts.counters();
    this.whenClosed = parts.whenClosed();
    Time time = parts.time();
    String name = settings.name();
    String endpoint = settings.endpoint();
    status = new ConnectionStatus(time.clock());
    subscriptions = new Subscriptions(name);
    session = new Session(name, endpoint, subscriptions, settings.client().presence());
    UplinkProblems problems = new UplinkProblems(parts.board(), name, time.nanoTime());
    steps = new ClockSteps(Encodings.takesMarks(parts.encoding()));
    WallTime wallTime = new WallTime(time.clock(), time.nanoTime(), steps);
    Queue queue = new Queue(spool, steps);
    TelemetryEncoding encoding =
        new TimedEncoding(
            parts.encoding(), parts.bootId(), wallTime, words -> problems.say("clock", words));
    Pump pump =
        new Pump(
            queue,
            encoding,
            time,
            what.delivery(),
            new Pump.Told(
                counters,
                (topic, words) ->
                    problems.say(
                        "refused:" + topic, words.isEmpty() ? "" : endpoint + ": " + words)));
    Encoder encoder =
        new Encoder(
            encoding, parts.bootId(), pump::lane, queue, new Encoder.Trouble(counters, problems));
    batcher =
        what.payload().batched()
            ? new Batcher(name, what.payload(), encoder::send, counters, time.nanoTime())
            : null;
    telemetry =
        new Telemetry(
            new Telemetry.What(
                new DeviceFilter(what.devices()),
                template,
                new ChangeFilter(what.selection(), time.nanoTime())),
            batcher == null ? (topic, batch) -> encoder.send(topic, List.of(batch)) : batcher,
            counters,
            problems);
    supervisor =
        new Supervisor(
            name,
            endpoint,
            new Supervisor.Parts(
                parts.connector(),
                subscriptions,
                new Flow(endpoint, session, subscriptions, pump, problems),
                status,
                new Stability(endpoint, settings.clientId()),
                problems),
            new Backoff(time.random()),
            time.nanoTime());
  }

  /** Starts connecting. */
  public void start() {
    if (batcher != null) {
      batcher.start();
    }
    supervisor.start();
  }

  /** Takes the samples; to be called by one thread at a time. */
  public SampleListener samples() {
    return telemetry;
  }

  /** An identity or a set of roots has changed: connects anew if it is in use here. */
  public void credentialsChanged(String credential) {
    if (credential.equals(settings.identity()) || credential.equals(settings.roots())) {
      supervisor.renew(
          "'" + credential + "' has changed in the certificate store, connecting anew");
    }
  }

  /** The stores themselves have come or gone. */
  public void storeChanged() {
    if (status.phase().state() != UplinkStatus.State.CONNECTED) {
      supervisor.renew("the certificate store is there");
    }
  }

  /** Delivers the uplink's figures. */
  public void collect(Collector to) {
    Spool.Stats stats = spool.stats();
    count(to, "acknowledged", "Messages the broker has acknowledged", counters.acknowledged());
    count(to, "rejected", "Batches not encoded or addressed", counters.rejected());
    count(to, "quarantined", "Messages put into quarantine", counters.quarantined());
    count(to, "quarantine_dropped", "Messages that found it full", counters.lost());
    count(to, "reconnects", "Connections after the first", status.reconnects());
    count(to, "inbound_dropped", "Messages lost to slow handlers", subscriptions.dropped());
    count(to, "spool_dropped", "Messages evicted unacknowledged", stats.dropped());
    gauge(to, "spool_entries", "Messages that wait or fly", stats.entries());
    gauge(to, "spool_bytes", "Bytes that wait or fly", stats.bytes());
    count(to, "clock_steps", "Moves of the clock of more than 2 s", steps.count());
    gauge(to, "clock_moved_ms", "Last move of the clock, 0: none", steps.lastStep().toMillis());
    gauge(to, "connected", "1 when connected, else 0", session.connected() ? 1 : 0);
  }

  private void count(Collector to, String what, String help, long value) {
    String name = "snaprail_uplink_" + what + "_total";
    to.counter(name, help, (double) value, "uplink", settings.name());
  }

  private void gauge(Collector to, String what, String help, long value) {
    to.gauge("snaprail_uplink_" + what, help, (double) value, "uplink", settings.name());
  }

  @Override
  public MqttSession session() {
    return session;
  }

  @Override
  public UplinkStatus status() {
    ConnectionStatus.Phase phase = status.phase();
    return new UplinkStatus(
        settings.name(),
        settings.endpoint(),
        phase.state(),
        phase.message(),
        phase.since(),
        counters.acknowledged(),
        counters.lastAcknowledged(),
        spool.stats());
  }

  @Override
  public void reconnect(String reason) {
    supervisor.renew(reason);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      whenClosed.run();
      if (batcher != null) {
        batcher.close();
      }
      supervisor.close();
      session.close();
      spool.close();
    }
  }
}
