package io.snaprail.awsiot.internal;

import java.util.regex.Pattern;

/**
 * Limits of AWS IoT Core, in one place because the service may change them. Source: AWS General
 * Reference, "AWS IoT Core endpoints and quotas", message broker and protocol limits. The payload
 * limit (128 KB) is kept by the pipeline, which splits a larger cycle.
 */
public final class AwsLimits {
  /** Longest topic, in bytes of UTF-8, not counting {@link #BASIC_INGEST}. */
  public static final int TOPIC_BYTES = 256;

  /** Most slashes in a topic, not counting those of {@link #BASIC_INGEST}. */
  public static final int TOPIC_SLASHES = 7;

  /** Shortest keep-alive, in seconds; the broker takes less as this. */
  public static final int KEEP_ALIVE_MIN_S = 30;

  /** Longest keep-alive, in seconds; the broker takes more, and 0, as this. */
  public static final int KEEP_ALIVE_MAX_S = 1200;

  /** Longest client id and thing name, in bytes. */
  public static final int ID_BYTES = 128;

  /** What a thing name looks like. */
  public static final Pattern THING_NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");

  /** Basic Ingest: straight to a rule, past the broker's subscribers. */
  public static final Pattern BASIC_INGEST = Pattern.compile("\\$aws/rules/[^/]+/");

  /** MQTT with a client certificate where a firewall lets only HTTPS out; needs {@link #ALPN}. */
  public static final int PORT_HTTPS = 443;

  /** Tells AWS on port 443 that MQTT with a client certificate follows. */
  public static final String ALPN = "x-amzn-mqtt-ca";

  private AwsLimits() {}
}
