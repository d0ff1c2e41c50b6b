package io.snaprail.driver.modbus.internal.transport;

/** Exception codes in words (Modbus Application Protocol V1.1b3, section 7). */
public final class ExceptionCode {
  /** The gateway cannot reach the line that the unit is on. */
  public static final int GATEWAY_PATH_UNAVAILABLE = 10;

  /** The unit behind the gateway did not answer. */
  public static final int GATEWAY_TARGET_FAILED = 11;

  private ExceptionCode() {}

  /** Number and meaning: {@code exception 2 (illegal data address)}. */
  public static String text(int code) {
    return "exception " + code + " (" + meaning(code) + ")";
  }

  /** Whether it comes from a gateway and says that the unit itself is away. */
  public static boolean unitAway(int code) {
    return code == GATEWAY_PATH_UNAVAILABLE || code == GATEWAY_TARGET_FAILED;
  }

  /**
   * Whether the unit itself has judged the request, so that nothing can follow. Otherwise (5, 6,
   * 10, 11, and what is not in the specification) a gateway may have given up on a unit whose
   * answer it passes on all the same.
   */
  public static boolean isFinal(int code) {
    return switch (code) {
      case 1, 2, 3, 4, 7, 8 -> true;
      default -> false;
    };
  }

  private static String meaning(int code) {
    return switch (code) {
      case 1 -> "illegal function";
      case 2 -> "illegal data address";
      case 3 -> "illegal data value";
      case 4 -> "device failure";
      case 5 -> "acknowledge: accepted, still working on it";
      case 6 -> "device busy";
      case 7 -> "negative acknowledge";
      case 8 -> "memory parity error";
      case GATEWAY_PATH_UNAVAILABLE -> "gateway path unavailable";
      case GATEWAY_TARGET_FAILED -> "gateway target device failed to respond";
      default -> "not in the specification";
    };
  }
}
