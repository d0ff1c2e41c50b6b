package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.Latencies;
import io.snaprail.driver.modbus.internal.transport.RoundTrips;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import java.util.Map;
import java.util.SortedMap;
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

  /** What the last answers tell of the line. */
  public final RoundTrips roundTrips = new RoundTrips();

  private final Latencies latencies = new Latencies();
  private volatile SortedMap<Integer, String> identification = new TreeMap<>();
  private final Map<Integer, LongAdder> exceptions = new ConcurrentHashMap<>();

  /** An answer has come, right in every way, so long after its request. */
  public void answered(long nanos) {
    latencies.add(nanos);
  }

  /** The unit has said what it is. */
  public void identified(SortedMap<Integer, String> objects) {
    identification = new TreeMap<>(objects);
  }

  /** How long the last answers took. */
  public Latencies latencies() {
    return latencies;
  }

  /** All of it, for people. */
  public UnitReport report(boolean connected) {
    double[] times = latencies.percentiles(50, 99);
    SortedMap<Integer, Long> codes = new TreeMap<>();
    exceptions.forEach((code, count) -> codes.put(code, count.sum()));
    return new UnitReport(
        connected,
        requests.sum(),
        timeouts.sum(),
        checksumErrors.sum(),
        wrongAnswers.sum(),
        lostConnections.sum(),
        codes,
        times[0],
        times[1],
        identification);
  }

  /** A checked answer came, or an exception of the slave, so long after its request. */
  void answered(byte[] pdu, long nanos) {
    answered(nanos);
    int exception = AnswerCheck.exceptionCode(pdu);
    if (exception == 0) {
      roundTrips.answered(pdu.length, nanos);
    } else {
      exception(exception);
    }
  }

  /** An exception came. */
  public void exception(int code) {
    exceptions.computeIfAbsent(code, c -> new LongAdder()).increment();
  }

  /** How often each exception came, by code. */
  public Map<Integer, LongAdder> exceptions() {
    return new TreeMap<>(exceptions);
  }
}
