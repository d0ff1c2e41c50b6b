package io.snaprail.api.mqtt;

/**
 * How fast an uplink sends, and in which order after an outage.
 *
 * @param backlog {@code after}: what is new goes first, and what has waited goes beside it on a
 *     share of the rate, each in order; {@code in-order}: everything in the order in which it came
 * @param backlogShare per cent of the messages that are taken from the backlog while there is also
 *     something new, 1..100
 * @param messagesPerSecond most messages a second; 0 for no limit
 * @param bytesPerSecond most bytes a second, topics and payloads; 0 for no limit
 * @param gzip whether payloads are compressed
 */
public record Delivery(
    String backlog, int backlogShare, int messagesPerSecond, long bytesPerSecond, boolean gzip) {

  /** What is new first. */
  public static final String AFTER = "after";

  /** Everything in the order in which it came. */
  public static final String IN_ORDER = "in-order";

  /** Default of {@code backlog.share}. */
  public static final int SHARE = 20;

  /** As fast as it goes, what is new first. */
  public static final Delivery UNSHAPED = new Delivery(AFTER, SHARE, 0, 0, false);

  /** Checks the ranges; each message names the key, what is expected and what was found. */
  public Delivery {
    require(
        backlog.equals(AFTER) || backlog.equals(IN_ORDER),
        "backlog",
        AFTER + " or " + IN_ORDER,
        backlog);
    require(backlogShare >= 1 && backlogShare <= 100, "backlog.share", "1..100", backlogShare);
    require(messagesPerSecond >= 0, "rate.messages", "0 or more", messagesPerSecond);
    require(bytesPerSecond >= 0, "rate.bytes", "0 or more", bytesPerSecond);
  }

  /** Whether what is new goes first. */
  public boolean liveFirst() {
    return backlog.equals(AFTER);
  }

  private static void require(boolean valid, String key, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
