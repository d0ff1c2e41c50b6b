package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import io.snaprail.awsiot.internal.json.JsonText;
import io.snaprail.awsiot.internal.json.JsonValues;
import io.snaprail.awsiot.internal.shadow.ShadowTarget.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Carries desired values out: each wish once, none that is too old, none that is not allowed, one
 * at a time a leaf, the latest of those that wait. Used by one thread.
 */
final class Actuation {
  private static final Duration EXPIRY = Duration.ofSeconds(30);

  private final String shadow;
  private final Parts parts;
  private final Settlements settlements;

  /** Writes that this run of the gateway has begun. */
  private final Set<ShadowPath> running = new HashSet<>();

  /** The latest wish for a leaf that is being written, and the age that it had when it came. */
  private final Map<ShadowPath, Later> later = new HashMap<>();

  /**
   * What it works with.
   *
   * @param target carries out
   * @param lane runs what comes back
   * @param clock for the time until which a write is to be carried out
   * @param longest how old a wish may be, by AWS's clock
   * @param told told of each outcome
   */
  record Parts(ShadowTarget target, Executor lane, Clock clock, Duration longest, Told told) {}

  /** Told what became of wishes. */
  interface Told {
    /** A wish is settled. */
    void settled(ShadowPath path, Outcome outcome);

    /** A decision could not be written down. */
    void notKept(String why);
  }

  private record Later(Wish wish, long now) {}

  Actuation(String shadow, Settlements settlements, Parts parts) {
    this.shadow = shadow;
    this.settlements = settlements;
    this.parts = parts;
  }

  /**
   * Looks at a desired leaf that differs from what is reported.
   *
   * @param now AWS's time when it said so, in seconds: the gateway's clock may be wrong
   * @param before what is there, if it is known
   */
  void consider(ShadowPath path, Wish wish, long now, @Nullable JsonElement before) {
    Settlements.Entry known = settlements.get(path);
    if (known != null && known.covers(wish.value(), wish.timestamp())) {
      if (!known.code().isEmpty()) {
        // Perhaps a restart came before it was told.
        parts.told().settled(path, new Outcome(known.code(), known.message(), null));
      }
      return;
    }
    if (known != null && known.open()) {
      later.put(path, new Later(wish, now));
      return;
    }
    Outcome refusal = refusal(path, wish, now);
    if (refusal != null) {
      settle(path, wish, before, refusal);
      return;
    }
    if (before != null && JsonValues.same(before, wish.value())) {
      settle(path, wish, before, new Outcome(Outcome.DONE, "", before));
      return;
    }
    if (keep(path, begun(wish, before))) {
      running.add(path);
      parts
          .target()
          .write(id(path, wish), path, wish.value(), parts.clock().instant().plus(EXPIRY))
          .whenCompleteAsync(
              (outcome, failure) -> done(path, wish, outcome, failure), parts.lane());
    }
  }

  /**
   * A wish is what is there anyhow. It is settled too: when somebody at the gateway changes the
   * value later, that is not undone.
   */
  void fulfilled(ShadowPath path, Wish wish) {
    Settlements.Entry known = settlements.get(path);
    if (known == null || !(known.open() || known.covers(wish.value(), wish.timestamp()))) {
      keep(path, ended(wish, null, new Outcome(Outcome.DONE, "", wish.value())));
    }
  }

  /**
   * What is there now. Tells what became of a write that a restart has cut.
   *
   * @return whether the leaf is to be looked at again
   */
  boolean seen(ShadowPath path, JsonElement value) {
    Settlements.Entry entry = settlements.get(path);
    if (entry == null || !entry.open() || running.contains(path)) {
      return false;
    }
    Wish wish = new Wish(entry.value(), entry.timestamp());
    if (JsonValues.same(value, entry.value())) {
      settle(path, wish, entry.before(), new Outcome(Outcome.DONE, "", value));
      return false;
    }
    if (entry.before() != null && JsonValues.same(value, entry.before())) {
      // As it was before: the cut came before the write.
      return forget(path);
    }
    settle(
        path,
        wish,
        entry.before(),
        new Outcome(
            "UNKNOWN", "the gateway stopped while it was writing; see the reported value", value));
    return false;
  }

  /**
   * Whether somebody at the gateway has changed what a wish had set: the wish is over then.
   *
   * @param desired as it stands in the shadow
   */
  boolean overridden(ShadowPath path, @Nullable Wish desired, JsonElement now) {
    Settlements.Entry entry = settlements.get(path);
    return entry != null
        && entry.applied() != null
        && desired != null
        && entry.covers(desired.value(), desired.timestamp())
        && !JsonValues.same(entry.applied(), now)
        && !near(entry.applied(), now, parts.target().deadband(path));
  }

  /** Whether two numbers differ by less than a deadband. */
  static boolean near(JsonElement one, JsonElement other, double deadband) {
    return deadband > 0
        && JsonValues.isNumber(one)
        && JsonValues.isNumber(other)
        && Math.abs(one.getAsDouble() - other.getAsDouble()) < deadband;
  }

  private @Nullable Outcome refusal(ShadowPath path, Wish wish, long now) {
    long age = now - wish.timestamp();
    if (age > parts.longest().toSeconds()) {
      return new Outcome(
          "EXPIRED",
          "desired %d s ago, and after %d s it is not carried out any more; desire it again"
              .formatted(age, parts.longest().toSeconds()),
          null);
    }
    return parts.target().refusal(path, wish.value());
  }

  // Where a task begins: a target that fails must not leave the leaf as if it were written for
  // ever.
  private void done(
      ShadowPath path, Wish wish, @Nullable Outcome outcome, @Nullable Throwable failure) {
    running.remove(path);
    Settlements.Entry entry = settlements.get(path);
    JsonElement before = entry == null ? null : entry.before();
    settle(
        path,
        wish,
        before,
        outcome != null ? outcome : new Outcome("FAILED", String.valueOf(failure), null));
    Later next = later.remove(path);
    if (next != null) {
      consider(path, next.wish(), next.now(), outcome == null ? null : outcome.value());
    }
  }

  private void settle(ShadowPath path, Wish wish, @Nullable JsonElement before, Outcome outcome) {
    Settlements.Entry entry = ended(wish, before, outcome);
    if (keep(path, entry)) {
      parts
          .told()
          .settled(path, outcome.done() ? new Outcome(Outcome.DONE, "", entry.applied()) : outcome);
    }
  }

  private static Settlements.Entry begun(Wish wish, @Nullable JsonElement before) {
    return new Settlements.Entry(wish.value(), wish.timestamp(), before, null, true, "", "");
  }

  private static Settlements.Entry ended(Wish wish, @Nullable JsonElement before, Outcome outcome) {
    boolean done = outcome.done();
    JsonElement there = outcome.value() == null ? wish.value() : outcome.value();
    return new Settlements.Entry(
        wish.value(),
        wish.timestamp(),
        before,
        done ? there : null,
        false,
        done ? "" : outcome.code(),
        done ? "" : outcome.message());
  }

  private boolean keep(ShadowPath path, Settlements.Entry entry) {
    try {
      settlements.put(path, entry);
      return true;
    } catch (IOException e) {
      parts.told().notKept(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private boolean forget(ShadowPath path) {
    try {
      settlements.remove(path);
      return true;
    } catch (IOException e) {
      parts.told().notKept(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** The same for the same wish, so that the command gate carries it out once. */
  private String id(ShadowPath path, Wish wish) {
    byte[] value = JsonText.bytes(wish.value());
    byte[] text =
        (shadow + '\0' + path + '\0' + wish.timestamp() + '\0').getBytes(StandardCharsets.UTF_8);
    byte[] all = ByteBuffer.allocate(text.length + value.length).put(text).put(value).array();
    return "shadow-" + UUID.nameUUIDFromBytes(all);
  }
}
