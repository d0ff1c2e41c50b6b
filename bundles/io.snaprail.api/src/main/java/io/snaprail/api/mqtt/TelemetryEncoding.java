package io.snaprail.api.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How samples become messages; one object serves one uplink. A message is made in two steps. {@link
 * #encode} makes what waits in the spool: nothing in it may depend on when, or how often, it is
 * sent. {@link #send} makes what goes over the wire out of it, at the moment when it goes: marks,
 * sequence numbers, and what must go before it.
 *
 * <p>{@code encode} and {@code needsTime} may be called by any thread, also by two at once. All
 * others are called by the thread of the connection alone, in the order of the wire; none may wait.
 * An exception other than {@link IllegalArgumentException} costs the connection.
 */
@ConsumerType
public interface TelemetryEncoding {

  /** Most messages that one entry of the spool may become. */
  int MAX_MESSAGES = 20;

  /** Takes what goes into the spool. */
  @FunctionalInterface
  interface Output {
    /**
     * Puts a message into the spool.
     *
     * @param topic usually that of the cycles; at most 65,535 bytes
     * @param payload handed over, not to be changed any more; at most 131,072 bytes (AWS IoT Core)
     */
    void message(String topic, byte[] payload);
  }

  /**
   * Encodes cycles as one message or more.
   *
   * @throws IllegalArgumentException when something in them cannot be encoded, such as a value that
   *     alone is too large; the message names it. What was put out before goes nevertheless.
   */
  void encode(Cycles cycles, Output output);

  /**
   * Whether the far side cannot do without the right time. Nothing is then sent while the gateway's
   * clock is not set; what was taken in an earlier boot in which it never was is encoded with
   * {@link TimeQuality#UNKNOWN} nevertheless, and may be refused by {@link #encode}.
   */
  default boolean needsTime() {
    return false;
  }

  /** A new connection is up. Comes before anything is sent on it. */
  default void begin() {}

  /**
   * The next message that must go before any entry of the spool, such as a birth; asked again and
   * again, at least every 200 ms, until there is none.
   *
   * @return null for none
   */
  default @Nullable TelemetryMessage due() {
    return null;
  }

  /**
   * Whether entries of the spool may go now. While they may not they wait, and what is {@link #due}
   * goes; asked at least every 200 ms.
   */
  default boolean ready() {
    return true;
  }

  /**
   * What goes over the wire for an entry of the spool. The entry is removed when the broker has
   * acknowledged all of it (with QoS 0: when it is sent); after a lost connection it comes again.
   *
   * @param topic as it was given to the output
   * @param payload as it was given to the output, maybe by another encoding or version, before the
   *     configuration was changed; not to be changed
   * @param replayed whether it has waited while the broker was away, or may come a second time
   * @return 0..{@value #MAX_MESSAGES} messages, sent in this order; none when the entry has nothing
   *     to say any more, and is removed
   * @throws IllegalArgumentException when the payload can never be sent by this encoding; the entry
   *     then goes into quarantine, with the message as the reason
   */
  default List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
    return List.of(TelemetryMessage.of(topic, payload));
  }

  /** The connection is gone, or is about to be closed in good order. */
  default void end() {}
}
