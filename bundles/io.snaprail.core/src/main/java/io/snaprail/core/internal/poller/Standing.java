package io.snaprail.core.internal.poller;

/** Whether a device answers, for its lane. */
enum Standing {
  /** Not read yet. */
  UNKNOWN,
  /** Answered last time. */
  HERE,
  /** Did not last time, but shortly before. */
  DOUBTED,
  /** Did not. */
  AWAY,
  /** Taken off. */
  GONE
}
