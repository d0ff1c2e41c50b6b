package io.snaprail.localiot.internal.broker;

/**
 * Why something that a client sent ends its connection.
 *
 * @param reason for presence events
 * @param words for people
 */
record Fault(DisconnectReason reason, String words) {
  static Fault denied(String words) {
    return new Fault(DisconnectReason.AUTH_ERROR, words);
  }

  static Fault broken(String words) {
    return new Fault(DisconnectReason.CLIENT_ERROR, words);
  }

  Fault on(String topic) {
    return new Fault(reason, "publish on '" + topic + "': " + words);
  }
}
