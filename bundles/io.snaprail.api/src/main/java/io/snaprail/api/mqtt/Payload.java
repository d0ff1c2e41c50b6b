package io.snaprail.api.mqtt;

import java.time.Duration;
import java.util.List;

/**
 * The form of payloads, and what goes together in one.
 *
 * @param form {@code payload}: {@code json}, {@code values}, {@code sitewise} or {@code template}
 * @param template {@code payload.template}: the template of the form {@code template}
 * @param alias {@code payload.alias}: property alias of the form {@code sitewise}, with {@code
 *     {{gateway}}}, {@code {{device}}}, {@code {{point}}} and the uplink's variables
 * @param batch {@code batch.ms}: how long cycles are kept to be sent together, 0..600 s; zero for
 *     not at all. At a power cut or a kill these are lost
 * @param batchBytes {@code batch.bytes}: how large a message of several cycles may become,
 *     1,024..131,072
 */
public record Payload(String form, String template, String alias, Duration batch, int batchBytes) {
  /** Everything that is known of each value. */
  public static final String JSON = "json";

  /** Names and values alone. */
  public static final String VALUES = "values";

  /** As AWS IoT SiteWise takes them: BatchPutAssetPropertyValue. */
  public static final String SITEWISE = "sitewise";

  /** A template of the user's. */
  public static final String TEMPLATE = "template";

  /** Default of {@code payload.alias}. */
  public static final String ALIAS = "/{{gateway}}/{{device}}/{{point}}";

  /** Largest payload: the limit of AWS IoT Core. */
  public static final int MAX_BYTES = 128 * 1024;

  private static final List<String> FORMS = List.of(JSON, VALUES, SITEWISE, TEMPLATE);
  private static final int MAX_BATCH_MS = 600_000;
  private static final int MIN_BYTES = 1024;

  // Behind the constants that its checks use.
  /** The defaults. */
  public static final Payload DEFAULT = new Payload(JSON, "", ALIAS, Duration.ZERO, MAX_BYTES);

  /** Checks the ranges; each message names the key, what is expected and what was found. */
  public Payload {
    require(FORMS.contains(form), "payload", "one of " + String.join(", ", FORMS), form);
    require(
        !form.equals(TEMPLATE) || !template.isBlank(),
        "payload.template",
        "a template, as payload is template",
        template);
    require(
        !form.equals(SITEWISE) || !alias.isBlank(),
        "payload.alias",
        "an alias, such as " + ALIAS,
        alias);
    long millis = batch.toMillis();
    require(millis >= 0 && millis <= MAX_BATCH_MS, "batch.ms", "0.." + MAX_BATCH_MS, millis);
    require(
        batchBytes >= MIN_BYTES && batchBytes <= MAX_BYTES,
        "batch.bytes",
        MIN_BYTES + ".." + MAX_BYTES,
        batchBytes);
  }

  /** Reads what stands in a configuration. */
  public static Payload of(PayloadConfig config) {
    return new Payload(
        config.payload().strip(),
        config.payload_template(),
        config.payload_alias().strip(),
        Duration.ofMillis(config.batch_ms()),
        config.batch_bytes());
  }

  /** Whether cycles are kept to be sent together. */
  public boolean batched() {
    return !batch.isZero();
  }

  private static void require(boolean valid, String key, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
