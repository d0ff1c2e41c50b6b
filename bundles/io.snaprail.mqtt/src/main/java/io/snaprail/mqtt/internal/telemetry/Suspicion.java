package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.mqtt.internal.link.Fault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the message at which a broker ends the connection: too large for it, or to a topic that it
 * does not allow. MQTT 3.1.1 gives no reason, so that only the pattern shows; and a line that
 * breaks often, or a broker that dies for other reasons or takes nothing at all, must not cost any
 * message. By the supervisor's thread.
 *
 * <ol>
 *   <li>The oldest message that was not acknowledged when the broker ended the connection is
 *       suspected. When it is so twice in succession, messages go one at a time.
 *   <li>Then it goes in two ways in turn: as the first of a new connection, and when the broker has
 *       acknowledged others on the same connection. The first acquits it where a broker takes so
 *       many messages, or lives so long; the second where it takes no connection at times. When all
 *       four have ended the connection, it is condemned.
 *   <li>When one of the others ends the connection, nothing is proved, and it begins again; after
 *       ten of them the case is dropped. They are of other topics, as it may be the topic that is
 *       denied; of the same topic where there are no others.
 *   <li>After that the next suspect of the same topic is condemned by its first disconnect, where
 *       the broker has taken others on that connection, else by its second. After three of them all
 *       of the topic is for ten minutes, as long as none of it is acknowledged.
 * </ol>
 *
 * <p>While a case goes on, connections follow each other within 2 s, up to a dozen.
 */
final class Suspicion {
  /** Ends of the connection that condemn: two that isolate, and two of each kind of trial. */
  static final int STRIKES = 6;

  /** Messages of a topic that are condemned before all of it is. */
  static final int DENIED = 3;

  private static final int ISOLATE = 2;
  private static final int WITNESSES = 3;
  private static final int MAX_ACCUSED = 10;
  private static final int MOST_HELD = 1000;
  private static final int CAUTION = 100;
  private static final int HASTE = 12;
  private static final int MAX_TOPICS = 1000;
  private static final long DENIED_NANOS = 600_000_000_000L;
  private static final long NOBODY = 0;

  private final Map<String, Refusals> refusals = new HashMap<>();
  // Others at which the connection ended meanwhile, with their topics.
  private final Map<Long, String> accused = new HashMap<>();
  private long suspect = NOBODY;
  private String topic = "";
  private List<Lane> lane = List.of();
  private int strikes;
  private int caution;
  private int haste = HASTE;
  private boolean soon;
  // Of this connection: whether it is the suspect's turn, and what went before.
  private boolean turn;
  private int passed;
  private int acknowledged;
  private int held;
  private boolean sameTopicToo;
  private boolean again;

  /** Messages of a topic that were condemned, since one of it was acknowledged. */
  private static final class Refusals {
    int count;
    long lastAt;
  }

  /** What is to be done with a message. */
  enum Verdict {
    /** To be sent. */
    SEND,
    /** Not to be sent yet. */
    HOLD,
    /** Never to be sent. */
    CONDEMN
  }

  /** Whether messages are to go one at a time. */
  boolean isolates() {
    return caution > 0 || investigates();
  }

  /** Whether a message is looked into. */
  boolean investigates() {
    return strikes >= ISOLATE;
  }

  /** A new connection: the spool is read from its beginning. */
  void begun() {
    turn = strikes % 2 == 0 || strikes >= STRIKES;
    passed = 0;
    acknowledged = 0;
    held = 0;
    sameTopicToo = false;
    again = false;
  }

  /** Where the next message is to be looked for: in the suspect's lane when it is its turn. */
  List<Lane> lanes(List<Lane> usual) {
    return investigates() && turn ? lane : usual;
  }

  /** Whether the spool is to be read from its beginning, now that nothing is in flight. */
  boolean takeAgain() {
    boolean now = again;
    again = false;
    return now;
  }

  /** Whether the next connection is to come soon, since it may prove something. */
  boolean takeSoon() {
    boolean now = soon;
    soon = false;
    return now;
  }

  /** What is to be done with a message that is next. */
  Verdict judge(long id, String itsTopic, long nanos) {
    Refusals before = refusals.get(itsTopic);
    if (before != null && before.count >= DENIED) {
      if (nanos - before.lastAt < DENIED_NANOS) {
        return Verdict.CONDEMN;
      }
      before.count = DENIED - 1;
      caution = CAUTION;
    }
    if (!investigates()) {
      return Verdict.SEND;
    }
    return turn ? judgeInTurn(id) : judgeWitness(id, itsTopic);
  }

  private Verdict judgeInTurn(long id) {
    if (id == suspect) {
      return strikes >= STRIKES ? Verdict.CONDEMN : Verdict.SEND;
    }
    if (id > suspect) {
      // Evicted meanwhile.
      close();
    }
    return Verdict.HOLD;
  }

  private Verdict judgeWitness(long id, String itsTopic) {
    boolean related = itsTopic.equals(topic) || accused.containsValue(itsTopic);
    boolean known = id == suspect || accused.containsKey(id);
    if (!known && (!related || sameTopicToo)) {
      return Verdict.SEND;
    }
    if (++held == MOST_HELD) {
      // There may be no end of them.
      exhausted();
    }
    return Verdict.HOLD;
  }

  /** The spool has no more to be read, and nothing is in flight. */
  void exhausted() {
    if (!investigates()) {
      return;
    }
    again = true;
    if (turn) {
      close();
    } else if (passed > 0 || sameTopicToo) {
      turn = true;
    } else {
      sameTopicToo = true;
    }
  }

  /** A message was put into quarantine; how many of its topic by now. */
  int condemned(long id, String itsTopic, long nanos) {
    if (id == suspect) {
      close();
      caution = CAUTION;
      haste = HASTE;
    }
    if (refusals.size() >= MAX_TOPICS) {
      refusals.clear();
    }
    Refusals of = refusals.computeIfAbsent(itsTopic, name -> new Refusals());
    if (of.count < DENIED) {
      // What goes the way of its topic does not lengthen it.
      of.lastAt = nanos;
    }
    return ++of.count;
  }

  /** A message was acknowledged. */
  void acknowledged(long id, String itsTopic) {
    acknowledged++;
    if (caution > 0 && --caution == 0) {
      haste = HASTE;
    }
    if (!refusals.isEmpty()) {
      refusals.remove(itsTopic);
    }
    if (id == suspect) {
      close();
    } else if (investigates() && !turn) {
      accused.remove(id);
      passed++;
      // The last trial only has to show that the broker takes others now.
      if (passed >= (strikes == STRIKES - 1 ? 1 : WITNESSES)) {
        turn = true;
        again = true;
      }
    }
  }

  /**
   * The connection has ended.
   *
   * @param oldest the oldest message that was not acknowledged; 0 for none
   */
  void ended(Fault.Kind kind, long oldest, String itsTopic, Lane itsLane) {
    if (kind != Fault.Kind.NETWORK || oldest == NOBODY) {
      return;
    }
    boolean known = isolates() && refusals.containsKey(itsTopic);
    boolean proves;
    if (investigates() && oldest != suspect) {
      proves = accuse(oldest, itsTopic, known);
    } else {
      proves = strike(oldest, itsTopic, itsLane);
      strikes = known ? Math.max(strikes, acknowledged > 0 ? STRIKES : STRIKES - 1) : strikes;
    }
    if (investigates()) {
      caution = CAUTION;
      if (proves && haste > 0) {
        haste--;
        soon = true;
      }
    }
  }

  /** Whether it proves something. */
  private boolean strike(long oldest, String itsTopic, Lane itsLane) {
    if (oldest != suspect) {
      close();
      suspect = oldest;
      topic = itsTopic;
      lane = List.of(itsLane);
    }
    boolean alone = strikes % 2 == 0;
    if (strikes < ISOLATE || alone || passed > 0) {
      strikes++;
      return true;
    }
    return false;
  }

  /** Another has ended the connection; whether the case goes on. */
  private boolean accuse(long other, String itsTopic, boolean known) {
    accused.put(other, itsTopic);
    if (accused.size() > MAX_ACCUSED) {
      close();
      return false;
    }
    // Where its topic is known to be denied that explains it.
    strikes = known ? strikes : ISOLATE;
    return true;
  }

  /** The case is over: what was held back comes again. */
  private void close() {
    again |= investigates();
    suspect = NOBODY;
    topic = "";
    lane = List.of();
    strikes = 0;
    accused.clear();
  }
}
