package io.snaprail.certificates.internal.store;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLContext;

/**
 * Decides which generation of an identity clients show while a new one is on trial, and what comes
 * of it. The new one is shown until it fails; then the active one, until that is accepted or fails
 * too; and so on. What counts against the new one is a failure of it that is followed by success of
 * the active one: the network was not to blame.
 *
 * <p>Safe for any thread. Lost at a restart, after which a trial begins anew.
 */
public final class Trials {
  /** Failures, each followed by a success of the active one, that end a trial. */
  public static final int STRIKES = 3;

  /** By identity. */
  private final Map<String, Trial> trials = new HashMap<>();

  /** Whom clients have shown since the start. */
  private final Set<String> used = new HashSet<>();

  /** Contexts that somebody still holds, and what they show. */
  private final Map<SSLContext, Shown> shown = new WeakHashMap<>();

  private record Shown(String name, X509Certificate certificate, Generation generation) {}

  /** What follows from a report. */
  public enum Verdict {
    /** Nothing. */
    NONE,
    /** The new one is good. */
    COMMIT,
    /** The new one is no good. */
    DISCARD,
    /** The active one serves for now; the new one is to be tried again in a while. */
    RETRY
  }

  /** A verdict about an identity. */
  public record Decision(String name, Verdict verdict, int strikes) {
    private static final Decision NONE = new Decision("", Verdict.NONE, 0);
  }

  private static final class Trial {
    private final X509Certificate certificate;
    private boolean failed;
    private int strikes;

    Trial(X509Certificate certificate) {
      this.certificate = certificate;
    }
  }

  /** Whether clients have shown an identity since the start. */
  public synchronized boolean used(String name) {
    return used.contains(name);
  }

  /**
   * Which generation is to be shown next.
   *
   * @param trial certificate of the one on trial
   */
  public synchronized Generation next(String name, X509Certificate trial) {
    Trial running = trials.get(name);
    if (running == null || !running.certificate.equals(trial)) {
      running = new Trial(trial);
      trials.put(name, running);
    }
    return running.failed ? Generation.ACTIVE : Generation.TRIAL;
  }

  /** A context was given to a client. */
  public synchronized void given(
      String name, Generation generation, X509Certificate certificate, SSLContext context) {
    used.add(name);
    shown.put(context, new Shown(name, certificate, generation));
  }

  /** Another side has accepted what a context showed. */
  public synchronized Decision accepted(SSLContext context) {
    Shown what = shown.get(context);
    Trial trial = what == null ? null : trials.get(what.name());
    if (what == null || trial == null) {
      return Decision.NONE;
    }
    if (what.certificate().equals(trial.certificate)) {
      trials.remove(what.name());
      return new Decision(what.name(), Verdict.COMMIT, 0);
    }
    if (what.generation() != Generation.ACTIVE || !trial.failed) {
      return Decision.NONE;
    }
    trial.failed = false;
    trial.strikes++;
    if (trial.strikes < STRIKES) {
      return new Decision(what.name(), Verdict.RETRY, trial.strikes);
    }
    trials.remove(what.name());
    return new Decision(what.name(), Verdict.DISCARD, trial.strikes);
  }

  /** A connection with a context did not come about. */
  public synchronized void failed(SSLContext context) {
    Shown what = shown.get(context);
    Trial trial = what == null ? null : trials.get(what.name());
    if (what != null && trial != null) {
      // After both have failed, the new one is the next again.
      trial.failed = what.certificate().equals(trial.certificate);
    }
  }

  /** The trial of an identity is over, or the identity gone. */
  public synchronized void ended(String name) {
    trials.remove(name);
  }
}
