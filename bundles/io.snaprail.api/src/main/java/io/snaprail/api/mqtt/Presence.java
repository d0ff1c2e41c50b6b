package io.snaprail.api.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a client says of its own coming and going. Called by the connection's thread; must not
 * block.
 */
@ConsumerType
public interface Presence {
  /** What {@code presence.online} is unless set. */
  String ONLINE = "{\"state\":\"online\"}";

  /** What {@code presence.offline} is unless set. */
  String OFFLINE = "{\"state\":\"offline\"}";

  /** Says nothing. */
  Presence NONE =
      new Presence() {
        @Override
        public @Nullable Message will() {
          return null;
        }

        @Override
        public List<Message> online() {
          return List.of();
        }

        @Override
        public List<Message> offline() {
          return List.of();
        }
      };

  /**
   * What the broker is to say when the client is gone without a good-bye (MQTT 3.1.1, 3.1.2.5).
   * Asked for once before each CONNECT.
   *
   * @return null for nothing
   */
  @Nullable Message will();

  /** What is said first on a new connection. */
  List<Message> online();

  /** What is said last before a good-bye, which keeps the broker from sending the will. */
  List<Message> offline();

  /**
   * A message.
   *
   * @param topic 1..65,535 bytes without {@code +}, {@code #} and NUL
   * @param payload up to 65,535 bytes; not to be changed
   * @param qos 0 or 1
   * @param retained whether the broker keeps it for who subscribes later
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, to a client that copies it
  record Message(String topic, byte[] payload, int qos, boolean retained) {
    private static final int MAX_BYTES = 65_535;

    /** Checks; each message names the setting, what is expected and what was found. */
    public Message {
      boolean plain = topic.chars().noneMatch(c -> c == '+' || c == '#' || c == 0);
      int bytes = topic.getBytes(StandardCharsets.UTF_8).length;
      Checks.require(
          plain && bytes >= 1 && bytes <= MAX_BYTES,
          "presence.topic",
          "1..65535 bytes without '+', '#' and NUL",
          topic);
      Checks.require(
          payload.length <= MAX_BYTES, "presence", "at most 65535 bytes", payload.length);
      Checks.require(qos == 0 || qos == 1, "presence.qos", "0 or 1", qos);
    }
  }

  /**
   * The same two texts on one topic, for ever: the will and the good-bye are the second.
   *
   * @throws IllegalArgumentException when one is wrong; the message names key, expected and found
   */
  static Presence of(String topic, String online, String offline, int qos, boolean retained) {
    Message comes = new Message(topic, online.getBytes(StandardCharsets.UTF_8), qos, retained);
    Message goes = new Message(topic, offline.getBytes(StandardCharsets.UTF_8), qos, retained);
    return new Presence() {
      @Override
      public Message will() {
        return goes;
      }

      @Override
      public List<Message> online() {
        return List.of(comes);
      }

      @Override
      public List<Message> offline() {
        return List.of(goes);
      }
    };
  }
}
