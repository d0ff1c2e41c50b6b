package io.snaprail.awsiot.internal.call;

import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;

/** AWS has answered, and refused. */
public final class RejectedCallException extends IOException {
  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * Takes the code and the words out of an answer: shadows say {@code code} and {@code message},
   * jobs the same with words for codes, provisioning {@code errorCode} and {@code errorMessage}.
   */
  RejectedCallException(String topic, JsonObject answer) {
    super("'" + topic + "' is refused: " + words(answer));
    this.code = code(answer);
  }

  /** Such as {@code 409}, {@code ResourceNotFound} or {@code AccessDenied}; empty for none. */
  public String code() {
    return code;
  }

  private static String words(JsonObject answer) {
    String message =
        JsonText.text(answer, "message")
            .or(() -> JsonText.text(answer, "errorMessage"))
            .orElse("no reason given");
    String code = code(answer);
    return code.isEmpty() ? message : message + " (" + code + ")";
  }

  private static String code(JsonObject answer) {
    return JsonText.text(answer, "code")
        .or(() -> JsonText.whole(answer, "code").map(String::valueOf))
        .or(() -> JsonText.text(answer, "errorCode"))
        .orElse("");
  }
}
