package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.mqtt.internal.link.Fault;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the message at which a broker ends the connection: too large for it, or to a topic that it
 * does not allow. MQTT 3.1.1 gives no reason, so that only the pattern shows; and a line that
 * breaks often, or a policy that allows nothing, must not cost any message. By the supervisor's
 * thread.
 *
 * <ol>
 *   <li>The oldest message that was not acknowledged when the broker ended the connection is
 *       suspected. When it is so twice, messages go one at a time, so that it is the only one.
 *   <li>When it is so five times in succession, the messages of its topic are held back. If another
 *       is acknowledged meanwhile, the broker takes messages, only not this one: it is condemned.
 *       If the broker goes on to end connections, it was not this message.
 *   <li>After that the next suspect of the same topic is condemned by its first disconnect, and
 *       after three of them all of the topic for ten minutes, as long as none of it is
 *       acknowledged.
 * </ol>
 */
final class Suspicion {
  static final int STRIKES = 5;

  private static final int ISOLATE = 2;
  private static final int DENIED = 3;
  private static final int CAUTION = 100;
  private static final int MAX_TOPICS = 1000;
  private static final long DENIED_NANOS = 600_000_000_000L;
  private static final long NOBODY = 0;

  private final Map<String, Refusals> refusals = new HashMap<>();
  private long suspect = NOBODY;
  private String topic = "";
  private int strikes;
  private boolean othersPass;
  private int caution;

  /** Messages of a topic that were condemned, since one of it was acknowledged. */
  private static final class Refusals {
    int count;
    long lastAt;
  }

  /** What is to be done with a message. */
  enum Verdict {
    /** To be sent. */
    SEND,
    /** Not to be sent in this connection. */
    HOLD,
    /** Never to be sent. */
    CONDEMN
  }

  /** Whether messages are to go one at a time. */
  boolean isolates() {
    return caution > 0;
  }

  /** Whether messages of a topic were condemned, and none was acknowledged since. */
  boolean knows(String itsTopic) {
    return !refusals.isEmpty() && refusals.containsKey(itsTopic);
  }

  private boolean holds() {
    return strikes >= STRIKES && !othersPass;
  }

  /** What is to be done with a message that is next. */
  Verdict judge(long id, String itsTopic, long nanos) {
    Refusals before = refusals.get(itsTopic);
    if (before != null && before.count >= DENIED) {
      if (nanos - before.lastAt < DENIED_NANOS) {
        return Verdict.CONDEMN;
      }
      before.count = DENIED - 1;
    }
    if (strikes < STRIKES || !itsTopic.equals(topic)) {
      return Verdict.SEND;
    }
    if (!othersPass) {
      return Verdict.HOLD;
    }
    return id == suspect ? Verdict.CONDEMN : Verdict.SEND;
  }

  /** A message was put into quarantine; how many of its topic by now. */
  int condemned(long id, String itsTopic, long nanos) {
    if (id == suspect) {
      clear();
    }
    if (refusals.size() >= MAX_TOPICS) {
      refusals.clear();
    }
    Refusals of = refusals.computeIfAbsent(itsTopic, name -> new Refusals());
    of.lastAt = nanos;
    caution = CAUTION;
    return ++of.count;
  }

  /**
   * A message was acknowledged.
   *
   * @return whether what was held back may be judged anew
   */
  boolean acknowledged(long id, String itsTopic) {
    if (caution > 0) {
      caution--;
    }
    refusals.remove(itsTopic);
    if (id == suspect) {
      clear();
    } else if (suspect != NOBODY && !othersPass) {
      boolean held = holds();
      othersPass = strikes >= ISOLATE;
      return held;
    }
    return false;
  }

  /**
   * The connection has ended.
   *
   * @param oldest the oldest message that was not acknowledged; 0 for none
   */
  void ended(Fault.Kind kind, long oldest, String itsTopic) {
    if (kind != Fault.Kind.NETWORK || oldest == NOBODY) {
      return;
    }
    boolean alone = isolates();
    if (oldest != suspect) {
      clear();
      suspect = oldest;
      topic = itsTopic;
    }
    strikes++;
    if (alone && refusals.containsKey(itsTopic)) {
      strikes = STRIKES;
      othersPass = true;
    }
    if (strikes >= ISOLATE) {
      caution = CAUTION;
    }
  }

  private void clear() {
    suspect = NOBODY;
    topic = "";
    strikes = 0;
    othersPass = false;
  }
}
