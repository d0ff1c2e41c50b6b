package io.snaprail.driver.modbus.internal.connection;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened to the requests to one unit. Safe for any thread. */
final class UnitCounters {
  final LongAdder requests = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  final LongAdder wrongAnswers = new LongAdder();
  final LongAdder checksumErrors = new LongAdder();
  final LongAdder lostConnections = new LongAdder();
  private final Map<Integer, LongAdder> exceptions = new ConcurrentHashMap<>();

  void exception(int code) {
    exceptions.computeIfAbsent(code, c -> new LongAdder()).increment();
  }

  /** How often each exception came, by code. */
  Map<Integer, LongAdder> exceptions() {
    return new TreeMap<>(exceptions);
  }
}
