package io.snaprail.driver.modbus.internal.transport;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of the requests to one unit, since somebody uses the way to it.
 *
 * @param connected whether the way is open now
 * @param requests sent
 * @param timeouts without answer in time
 * @param damaged answers with a wrong checksum
 * @param wrong answers that were refused otherwise
 * @param lost connections that broke while an answer was awaited
 * @param exceptions how often each came, by code
 * @param medianNanos round trip that half of the last answers did not exceed; NaN when not known
 * @param slowNanos the same of 99 in 100
 * @param identification what the unit has said of itself when it was asked, by object; may be empty
 */
public record UnitReport(
    boolean connected,
    long requests,
    long timeouts,
    long damaged,
    long wrong,
    long lost,
    SortedMap<Integer, Long> exceptions,
    double medianNanos,
    double slowNanos,
    SortedMap<Integer, String> identification) {

  /** Of a way that counts nothing. */
  public static final UnitReport NONE =
      new UnitReport(
          false, 0, 0, 0, 0, 0, new TreeMap<>(), Double.NaN, Double.NaN, new TreeMap<>());

  /** Copies the maps. */
  public UnitReport {
    exceptions = Collections.unmodifiableSortedMap(new TreeMap<>(exceptions));
    identification = Collections.unmodifiableSortedMap(new TreeMap<>(identification));
  }
}
