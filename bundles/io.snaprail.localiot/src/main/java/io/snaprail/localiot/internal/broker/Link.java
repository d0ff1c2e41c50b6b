package io.snaprail.localiot.internal.broker;

/** The connection of a session. Both calls come from any thread and return at once. */
interface Link {
  /** There is something to send. */
  void wake();

  /** Another connection has taken the client id: end this one. */
  void takenOver();
}
