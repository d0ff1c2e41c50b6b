package io.snaprail.driver.serial.internal.sensor;

import java.util.concurrent.atomic.LongAdder;

/** What happened on the line of one device. Safe for any thread. */
final class Counters {
  final LongAdder good = new LongAdder();
  final LongAdder bad = new LongAdder();
  final LongAdder skipped = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  final LongAdder commands = new LongAdder();

  /** The last good frame as text, and why the last bad one was none; empty before the first. */
  volatile String lastFrame = "";

  volatile String lastFault = "";
}
