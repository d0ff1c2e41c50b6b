package io.snaprail.driver.modbus.internal.transport;

/**
 * Learns from the answers of a unit what a request and what a register costs: a straight line
 * through round trip against bytes of the answer, in which an answer counts the less the more have
 * come after it. Where the line rises, it crosses zero bytes at the cost of a request.
 *
 * <p>On a network the line hardly rises, be it a LAN or a cellular modem, so that a register costs
 * the least that is assumed, and merging goes as far as the longest read allows. Behind a gateway
 * to a serial line it rises by two characters a register, and the gap becomes what it would be on
 * that line. As long as all answers are equally long, nothing is known of the slope, and the least
 * is assumed. It is, too, where the line rises less than on the fastest serial line: what is seen
 * there is the network's jitter, of which one late answer outweighs many bytes.
 *
 * <p>Safe for any thread.
 */
public final class RoundTrips {
  /** How much of what was known an answer replaces. */
  private static final double WEIGHT = 1.0 / 64;

  /** Answers after which the figures are used. */
  private static final int ENOUGH = 16;

  /** A register costs at least this: two bytes at 100 Mbit/s. */
  private static final double LEAST_REGISTER_NANOS = 160;

  /** Answers whose lengths differ by less (standard deviation, in bytes) give no slope. */
  private static final double LEAST_SPREAD = 4;

  /**
   * A byte on the fastest serial line, 10 bits at 921,600 baud, less what its estimate may be off.
   */
  private static final double LEAST_SLOPE = 9_000;

  private static final int BYTES_PER_REGISTER = 2;

  private long answers;
  private double meanBytes;
  private double meanNanos;
  private double varianceBytes;
  private double covariance;

  /**
   * An answer has come.
   *
   * @param bytes of its protocol data unit
   * @param nanos from the request to the whole answer
   */
  public synchronized void answered(int bytes, long nanos) {
    answers++;
    double weight = Math.max(WEIGHT, 1.0 / answers);
    double offBytes = bytes - meanBytes;
    double offNanos = nanos - meanNanos;
    meanBytes += weight * offBytes;
    meanNanos += weight * offNanos;
    varianceBytes = (1 - weight) * (varianceBytes + weight * offBytes * offBytes);
    covariance = (1 - weight) * (covariance + weight * offBytes * offNanos);
  }

  /** The mean of the last round trips in nanoseconds; NaN before the first. */
  public synchronized double meanNanos() {
    return answers == 0 ? Double.NaN : meanNanos;
  }

  /** What was learned; unknown until some answers have come. */
  public synchronized LineCost cost() {
    if (answers < ENOUGH) {
      return LineCost.UNKNOWN;
    }
    double register =
        Math.min(
            Math.max(LEAST_REGISTER_NANOS, slope() * BYTES_PER_REGISTER),
            // A byte cannot cost more than all bytes together.
            Math.max(
                LEAST_REGISTER_NANOS, meanNanos / Math.max(1, meanBytes) * BYTES_PER_REGISTER));
    double request = meanNanos - register / BYTES_PER_REGISTER * meanBytes;
    return new LineCost(Math.max(1, request), register);
  }

  /** Nanoseconds a byte; 0 when nothing is known of them but that they are few. */
  private double slope() {
    if (varianceBytes < LEAST_SPREAD * LEAST_SPREAD) {
      return 0;
    }
    double slope = covariance / varianceBytes;
    return slope < LEAST_SLOPE ? 0 : slope;
  }
}
