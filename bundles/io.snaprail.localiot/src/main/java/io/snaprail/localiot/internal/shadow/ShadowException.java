package io.snaprail.localiot.internal.shadow;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.service.ServiceException;
import org.jspecify.annotations.Nullable;

/**
 * A shadow request is rejected. Codes and messages are those of the AWS IoT Device Shadow service
 * (AWS IoT Core developer guide, "Device Shadow error messages").
 */
public final class ShadowException extends ServiceException {
  private static final long serialVersionUID = 1L;

  private ShadowException(int status, String code, String message, @Nullable Throwable cause) {
    super(status, code, message, cause);
  }

  static ShadowException badRequest(String message) {
    return new ShadowException(400, "InvalidRequestException", message, null);
  }

  static ShadowException tooDeep() {
    return badRequest(
        "JSON contains too many levels of nesting; maximum is " + Quotas.SHADOW_DEPTH);
  }

  static ShadowException thingNotFound() {
    return notFound("Thing not found");
  }

  // The quotes are those of the guide's walk-through; its table of errors has none.
  static ShadowException noShadow(String name) {
    return notFound("No shadow exists with name: '" + name + "'");
  }

  static ShadowException conflict() {
    return new ShadowException(409, "ConflictException", "Version conflict", null);
  }

  static ShadowException tooLarge() {
    return new ShadowException(
        413,
        "RequestEntityTooLargeException",
        "The payload exceeds the maximum size allowed",
        null);
  }

  static ShadowException notUtf8() {
    return new ShadowException(
        415,
        "UnsupportedDocumentEncodingException",
        "Unsupported documented encoding; supported encoding is UTF-8",
        null);
  }

  static ShadowException tooManyRequests() {
    return new ShadowException(429, "ThrottlingException", "Too many requests", null);
  }

  static ShadowException internal(@Nullable Throwable cause) {
    return new ShadowException(500, "InternalFailureException", "Internal service failure", cause);
  }

  private static ShadowException notFound(String message) {
    return new ShadowException(404, "ResourceNotFoundException", message, null);
  }
}
