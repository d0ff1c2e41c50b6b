package io.snaprail.driver.modbus.internal.connection;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened to the requests to one unit. Safe for any thread. */
public final class UnitCounters {
  /** Sent. */
  public final LongAdder requests = new LongAdder();

  /** Without answer in time. */
  public final LongAdder timeouts = new LongAdder();

  /** Answers that were refused. */
  public final LongAdder wrongAnswers = new LongAdder();

  /** Answers that were damaged. */
  public final LongAdder checksumErrors = new LongAdder();

  /** Connections that broke while an answer was awaited. */
  public final LongAdder lostConnections = new LongAdder();

  private final Map<Integer, LongAdder> exceptions = new ConcurrentHashMap<>();

  /** An exception came. */
  public void exception(int code) {
    exceptions.computeIfAbsent(code, c -> new LongAdder()).increment();
  }

  /** How often each exception came, by code. */
  public Map<Integer, LongAdder> exceptions() {
    return new TreeMap<>(exceptions);
  }
}
