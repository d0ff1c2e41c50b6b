package io.snaprail.localiot.internal.shadow;

import io.snaprail.localiot.internal.limits.Quotas;
import org.jspecify.annotations.Nullable;

/**
 * A shadow request is rejected. Codes and messages are those of the AWS IoT Device Shadow service
 * (AWS IoT Core developer guide, "Device Shadow error messages").
 */
public final class ShadowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  private ShadowException(int code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The code, as in HTTP. */
  public int code() {
    return code;
  }

  static ShadowException badRequest(String message) {
    return new ShadowException(400, message, null);
  }

  static ShadowException tooDeep() {
    return badRequest(
        "JSON contains too many levels of nesting; maximum is " + Quotas.SHADOW_DEPTH);
  }

  static ShadowException thingNotFound() {
    return new ShadowException(404, "Thing not found", null);
  }

  static ShadowException notFound(String name) {
    return new ShadowException(404, "No shadow exists with name: " + name, null);
  }

  static ShadowException conflict() {
    return new ShadowException(409, "Version conflict", null);
  }

  static ShadowException tooLarge() {
    return new ShadowException(413, "The payload exceeds the maximum size allowed", null);
  }

  static ShadowException notUtf8() {
    return new ShadowException(
        415, "Unsupported documented encoding; supported encoding is UTF-8", null);
  }

  static ShadowException tooManyRequests() {
    return new ShadowException(429, "Too many requests", null);
  }

  static ShadowException internal(@Nullable Throwable cause) {
    return new ShadowException(500, "Internal service failure", cause);
  }
}
