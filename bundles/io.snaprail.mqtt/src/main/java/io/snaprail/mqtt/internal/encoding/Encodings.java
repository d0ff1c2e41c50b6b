package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.mqtt.internal.encoding.Packer.Envelope;
import java.util.Map;

/** The encodings that every uplink has. */
public final class Encodings {
  private Encodings() {}

  /**
   * The one that the settings name.
   *
   * @param variables names and values for templates
   * @throws IllegalArgumentException when a template is wrong; the message names key, column,
   *     expected and found
   */
  public static TelemetryEncoding of(Payload payload, Map<String, String> variables) {
    return switch (payload.form()) {
      case Payload.VALUES -> new ValuesEncoding(envelope(payload, "{\"batches\":[", "]}"));
      case Payload.SITEWISE ->
          new SiteWiseEncoding(payload.alias(), variables, payload.batchBytes());
      case Payload.TEMPLATE ->
          new TemplateEncoding(
              new JsonTemplate(payload.template(), variables), envelope(payload, "[", "]"));
      default -> new JsonEncoding(envelope(payload, "{\"batches\":[", "]}"));
    };
  }

  /** Whether members may be put before the first of its texts: only in the gateway's own forms. */
  public static boolean takesMarks(TelemetryEncoding encoding) {
    return encoding instanceof JsonEncoding || encoding instanceof ValuesEncoding;
  }

  private static Envelope envelope(Payload payload, String open, String close) {
    return payload.batched()
        ? new Envelope(open, close, payload.batchBytes(), Integer.MAX_VALUE)
        : Envelope.NONE;
  }
}
