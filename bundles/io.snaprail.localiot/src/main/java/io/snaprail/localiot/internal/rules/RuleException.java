package io.snaprail.localiot.internal.rules;

import io.snaprail.localiot.internal.service.ServiceException;
import org.jspecify.annotations.Nullable;

/** A rule cannot be taken; the message says what is wrong with it and where. */
public final class RuleException extends ServiceException {
  private static final long serialVersionUID = 1L;

  RuleException(int status, String code, String message, @Nullable Throwable cause) {
    super(status, code, message, cause);
  }

  static RuleException sql(String message) {
    return new RuleException(400, "SqlParseException", message, null);
  }

  static RuleException invalid(String message) {
    return new RuleException(400, "InvalidRequestException", message, null);
  }
}
