package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.MqttConnection;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.mqtt.internal.link.Backoff;
import io.snaprail.mqtt.internal.link.ConnectionStatus;
import io.snaprail.mqtt.internal.link.Connector;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import io.snaprail.mqtt.internal.link.Stability;
import io.snaprail.mqtt.internal.link.Supervisor;
import io.snaprail.mqtt.internal.link.Traffic;
import io.snaprail.mqtt.internal.session.Session;
import io.snaprail.mqtt.internal.session.Subscriptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A connection that carries a session and no telemetry. */
public final class ControlConnection implements MqttConnection {
  private final Session session;
  private final Supervisor supervisor;

  /** Makes one and starts connecting. */
  public ControlConnection(
      MqttSettings settings, Connector connector, ProblemBoard board, Pipeline.Time time) {
    String name = settings.name();
    String endpoint = settings.endpoint();
    Subscriptions subscriptions = new Subscriptions(name);
    session = new Session(name, endpoint, subscriptions, settings.client().presence());
    supervisor =
        new Supervisor(
            name,
            endpoint,
            new Supervisor.Parts(
                connector,
                subscriptions,
                new SessionTraffic(session),
                new ConnectionStatus(time.clock()),
                new Stability(endpoint, settings.clientId()),
                new UplinkProblems(board, name, time.nanoTime())),
            new Backoff(time.random()),
            time.nanoTime());
    supervisor.start();
  }

  @Override
  public MqttSession session() {
    return session;
  }

  @Override
  public void reconnect(String reason) {
    supervisor.renew(reason);
  }

  @Override
  public void close() {
    supervisor.close();
    session.close();
  }

  /** Only what the session has to say. */
  private static final class SessionTraffic implements Traffic {
    private static final long STEP_MS = 50;

    private final Session session;
    private final CountDownLatch nothing = new CountDownLatch(1);

    SessionTraffic(Session session) {
      this.session = session;
    }

    @Override
    public void begin(Link link, InFlight inFlight) throws LinkException {
      session.begin(link, inFlight);
    }

    @Override
    public void step() throws LinkException, InterruptedException {
      session.step();
      // Publishing is done by whoever publishes: here are subscriptions and the watch on answers.
      nothing.await(STEP_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean idle() {
      return true;
    }

    @Override
    public void goodbye() {
      session.goodbye();
    }

    @Override
    public void end(Fault reason) {
      session.end(reason);
    }
  }
}
