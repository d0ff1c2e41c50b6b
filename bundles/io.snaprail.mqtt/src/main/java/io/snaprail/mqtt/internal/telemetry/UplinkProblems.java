package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Fault.Kind;
import io.snaprail.mqtt.internal.link.Stability;
import io.snaprail.mqtt.internal.link.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with an uplink, for the problem board: one entry for the connection however often
 * it is tried, and one for each thing that cannot be sent. Any thread may note something; the
 * supervisor's thread alone passes it on.
 */
public final class UplinkProblems implements Supervisor.TroubleReport {
  /** Trouble that mends itself sooner, such as a broker that starts beside us, is not told. */
  static final Duration GRACE = Duration.ofSeconds(3);

  private static final int MAX_NOTES = 50;

  private final ProblemBoard board;
  private final String source;
  private final String subject;
  private final LongSupplier nanoTime;
  private final Map<String, Problem> notes = new ConcurrentSkipListMap<>();
  private List<Problem> reported = List.of();
  private @Nullable Fault fault;
  private long troubleSince;
  private boolean mending;
  private long mendingSince;
  private volatile boolean noted;

  /** Reports as {@code uplink:<name>}. */
  public UplinkProblems(ProblemBoard board, String name, LongSupplier nanoTime) {
    this.board = board;
    this.source = "uplink:" + name;
    this.subject = "uplink " + name;
    this.nanoTime = nanoTime;
  }

  /** Notes something that cannot be sent; replaces what the key noted before. */
  void note(String key, String message) {
    if (notes.containsKey(key) || notes.size() < MAX_NOTES) {
      notes.put(key, new Problem(Severity.WARNING, subject, message));
      noted = true;
    }
  }

  /** Notes something; an empty text takes it back. */
  void say(String key, String message) {
    if (message.isEmpty()) {
      clear(key);
    } else {
      note(key, message);
    }
  }

  /** It can be sent now. */
  void clear(String key) {
    if (notes.remove(key) != null) {
      noted = true;
    }
  }

  @Override
  public void is(Fault now) {
    if (fault == null) {
      troubleSince = nanoTime.getAsLong();
    }
    fault = now;
    mending = false;
    tick();
  }

  @Override
  public void gone() {
    if (fault != null && !mending) {
      mending = true;
      mendingSince = nanoTime.getAsLong();
    }
    tick();
  }

  @Override
  public void tick() {
    // Called for every message that is sent.
    if (fault == null && !noted) {
      return;
    }
    // A broker that drops us again and again has not mended because it took us once more.
    if (fault != null
        && mending
        && (!comesAndGoes(fault) || elapsed(mendingSince, Stability.GOOD))) {
      fault = null;
    }
    pass();
  }

  @Override
  public void closed() {
    fault = null;
    notes.clear();
    pass();
  }

  private void pass() {
    noted = false;
    List<Problem> problems = new ArrayList<>();
    Fault now = fault;
    if (now != null && (immediate(now) || elapsed(troubleSince, GRACE))) {
      Severity severity = now.kind().needsPeople() ? Severity.ERROR : Severity.WARNING;
      problems.add(new Problem(severity, subject, now.message()));
    }
    problems.addAll(notes.values());
    if (!problems.equals(reported)) {
      reported = List.copyOf(problems);
      board.report(source, reported);
    }
  }

  private static boolean immediate(Fault fault) {
    // A missing identity may be on its way: the demo's comes within a second or two.
    return fault.kind().needsPeople() && fault.kind() != Kind.CREDENTIALS;
  }

  private static boolean comesAndGoes(Fault fault) {
    return fault.kind() == Kind.POLICY || fault.kind() == Kind.DUPLICATE_ID;
  }

  private boolean elapsed(long since, Duration time) {
    return nanoTime.getAsLong() - since >= time.toNanos();
  }
}
