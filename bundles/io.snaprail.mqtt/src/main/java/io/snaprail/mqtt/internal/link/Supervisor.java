package io.snaprail.mqtt.internal.link;

import io.snaprail.api.uplink.UplinkStatus.State;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection up with one thread of its own: connects, lets the traffic run, notices a
 * broker that no longer answers, tears down, waits, tries again; until it is closed, whatever is
 * thrown. Each attempt gets a new client and a new TLS context.
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration DRAIN = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofMillis(3_500);

  private final String endpoint;
  private final Parts parts;
  private final LongSupplier nanoTime;
  private final Backoff backoff;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private boolean hurry;
  // By the thread alone.
  private boolean soon;
  private volatile boolean stopping;
  private volatile long stopAt;
  private volatile @Nullable String renew;

  /**
   * What a supervisor works with.
   *
   * @param connector makes connections
   * @param inbox takes what comes in
   * @param traffic what is done while connected
   * @param status what people see
   * @param stability looks for patterns in losses
   * @param trouble told about trouble
   */
  public record Parts(
      Connector connector,
      Connector.Inbox inbox,
      Traffic traffic,
      ConnectionStatus status,
      Stability stability,
      TroubleReport trouble) {}

  /** Makes a supervisor that is not yet started. */
  public Supervisor(
      String name, String endpoint, Parts parts, Backoff backoff, LongSupplier nanoTime) {
    this.endpoint = endpoint;
    this.parts = parts;
    this.backoff = backoff;
    this.nanoTime = nanoTime;
    this.thread = new Thread(this::run, "snaprail-mqtt-" + name);
    this.thread.setDaemon(true);
  }

  /** Starts connecting. */
  public void start() {
    thread.start();
  }

  /**
   * Drops the present connection in good order and makes a new one, or tries at once when it is
   * waiting.
   *
   * @param reason for the log
   */
  public void renew(String reason) {
    renew = reason;
    hurry();
  }

  /** Sends what can still be sent within 1 s, says good-bye, and ends the thread; 4 s at most. */
  @Override
  public void close() {
    stopAt = nanoTime.getAsLong() + DRAIN.toNanos();
    stopping = true;
    if (parts.status().phase().state() != State.CONNECTED) {
      parts.connector().abort();
    }
    hurry();
    boolean interrupted = false;
    try {
      thread.join(JOIN.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      parts.connector().abort();
      LOG.debug("{}: the connection's thread is still busy; it ends by itself", endpoint);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      Fault fault = attempt();
      if (stopping) {
        break;
      }
      if (fault.kind() == Fault.Kind.RENEW) {
        LOG.info("{}", fault.message());
        continue;
      }
      parts.status().waiting(fault);
      await(soon ? backoff.soon() : backoff.next(fault.kind()), fault);
    }
    parts.status().stopped();
    parts.trouble().closed();
  }

  // A task begins here: nothing that is thrown may end the thread.
  @SuppressWarnings("CatchingUnchecked")
  private Fault attempt() {
    soon = false;
    try {
      parts.status().connecting();
      parts.trouble().tick();
      forgetRequests();
      Link link = parts.connector().connect(parts.inbox());
      return use(link);
    } catch (LinkException e) {
      LOG.debug("{}: attempt failed", endpoint, e);
      return e.fault();
    } catch (Throwable t) {
      LOG.error("{}: the connection's supervisor goes on after an internal fault", endpoint, t);
      return new Fault(
          Fault.Kind.INTERNAL, endpoint + ": internal fault, see the log; trying again by itself");
    }
  }

  private Fault use(Link link) {
    InFlight inFlight = new InFlight(nanoTime);
    long since = nanoTime.getAsLong();
    boolean orderly = false;
    Fault end = new Fault(Fault.Kind.INTERNAL, endpoint + ": internal fault, see the log");
    try {
      end = serve(link, inFlight);
      orderly = end.kind() == Fault.Kind.RENEW;
      if (orderly) {
        parts.traffic().goodbye();
      }
    } finally {
      link.close(orderly);
      parts.traffic().end(end);
    }
    Duration lived = Duration.ofNanos(nanoTime.getAsLong() - since);
    if (lived.compareTo(Stability.GOOD) >= 0) {
      backoff.reset();
    }
    Fault pattern = parts.stability().lost(lived, inFlight.everAnswered(), end);
    soon = parts.traffic().hurries();
    // What is being found out is not called a pattern yet.
    return soon ? end : pattern;
  }

  private Fault serve(Link link, InFlight inFlight) {
    try {
      parts.traffic().begin(link, inFlight);
      parts.status().connected();
      parts.trouble().gone();
      LOG.info("{}: connected", endpoint);
      Fault end = endOf(link, inFlight);
      while (end == null) {
        step(link);
        end = endOf(link, inFlight);
      }
      return end;
    } catch (LinkException e) {
      Fault lost = link.lost();
      return lost == null ? e.fault() : lost;
    }
  }

  private void step(Link link) throws LinkException {
    try {
      parts.traffic().step();
      link.flush();
      parts.trouble().tick();
    } catch (InterruptedException e) {
      // Nobody but a shutdown of the whole process interrupts this thread.
      stopping = true;
      stopAt = nanoTime.getAsLong();
    }
  }

  private @Nullable Fault endOf(Link link, InFlight inFlight) {
    Fault lost = link.lost();
    if (lost != null) {
      return lost;
    }
    if (inFlight.stalled()) {
      return new Fault(
          Fault.Kind.STALLED,
          endpoint
              + ": the broker has not acknowledged anything for "
              + InFlight.STALL.toSeconds()
              + " s though messages are in flight. It may be overloaded or frozen, or the line is"
              + " dead; connecting anew by itself.");
    }
    if (stopping && (parts.traffic().idle() || nanoTime.getAsLong() - stopAt >= 0)) {
      return new Fault(Fault.Kind.RENEW, endpoint + ": stopped");
    }
    String reason = renew;
    return reason == null ? null : new Fault(Fault.Kind.RENEW, endpoint + ": " + reason);
  }

  /** What was asked for before an attempt is fulfilled by it: it reads everything afresh. */
  private void forgetRequests() {
    lock.lock();
    try {
      hurry = false;
    } finally {
      lock.unlock();
    }
    renew = null;
  }

  private void hurry() {
    lock.lock();
    try {
      hurry = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration pause, Fault fault) {
    long until = nanoTime.getAsLong() + pause.toNanos();
    while (!stopping) {
      parts.trouble().is(fault);
      long left = until - nanoTime.getAsLong();
      if (left <= 0 || pauseFor(Math.min(left, TICK.toNanos()))) {
        return;
      }
    }
  }

  /** Waits; whether someone wants the next attempt now. */
  private boolean pauseFor(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!hurry && left > 0) {
        left = wake.awaitNanos(left);
      }
      boolean asked = hurry;
      hurry = false;
      return asked;
    } catch (InterruptedException e) {
      stopping = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Told about trouble, by the supervisor's thread. */
  public interface TroubleReport {
    /** Not connected, because of this. Called again and again while it lasts. */
    void is(Fault fault);

    /** Connected. */
    void gone();

    /** Stopped for good. */
    void closed();

    /** A good moment to pass on what others have found. */
    void tick();
  }
}
