package io.snaprail.driver.modbus.internal.transport;

/**
 * What reading costs on a way to a unit, as it was measured last. It decides how many registers
 * that nobody asked for a read takes along to spare another read: as many as together cost no more
 * than the request that is spared, {@code requestNanos / registerNanos}.
 *
 * <p>On a serial line that is {@code (13 characters + 2 x t3.5 + turnaround) / (2 characters)}. On
 * TCP and UDP both are estimated from the round trips of answered requests, as {@link RoundTrips}
 * explains.
 *
 * @param requestNanos what one more request costs, whatever it reads, in nanoseconds, above 0; NaN
 *     when it is not known yet
 * @param registerNanos what one more register in a read costs, in nanoseconds, above 0; NaN when it
 *     is not known yet
 */
public record LineCost(double requestNanos, double registerNanos) {
  /** Nothing was measured yet. */
  public static final LineCost UNKNOWN = new LineCost(Double.NaN, Double.NaN);

  /** Unknown, or both above 0. */
  public LineCost {
    if (requestNanos <= 0 || registerNanos <= 0) {
      throw new IllegalArgumentException(
          "a request of " + requestNanos + " ns, a register of " + registerNanos + " ns");
    }
  }

  /**
   * The widest hole that is worth reading.
   *
   * @param most registers, 0 or more
   * @param otherwise as long as nothing is known
   * @return 0 to {@code most}
   */
  public int gap(int most, int otherwise) {
    double registers = requestNanos / registerNanos;
    return Double.isNaN(registers) ? otherwise : (int) Math.min(most, registers);
  }
}
