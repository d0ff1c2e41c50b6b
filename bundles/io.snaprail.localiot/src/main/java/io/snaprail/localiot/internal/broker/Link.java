package io.snaprail.localiot.internal.broker;

/** The connection of a session. All calls come from any thread and return at once. */
interface Link {
  /** There is something to send. */
  void wake();

  /** Id of the certificate that the client has shown; empty for one inside that needs none. */
  String certificateId();

  /** Ends the connection, for a reason, also in plain words. */
  void end(DisconnectReason why, String words);
}
