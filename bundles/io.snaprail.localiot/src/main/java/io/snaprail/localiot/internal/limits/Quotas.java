package io.snaprail.localiot.internal.limits;

import java.time.Duration;

/**
 * The quotas of AWS IoT Core that the endpoint keeps to, and the bounds that keep it small. AWS may
 * have changed its own since: they stand here and nowhere else.
 */
public final class Quotas {
  /** Longest topic or topic filter, in bytes of UTF-8 (AWS IoT Core message broker quotas). */
  public static final int TOPIC_BYTES = 256;

  /** Most slashes in a topic or filter; the Basic Ingest prefix does not count. */
  public static final int TOPIC_SLASHES = 7;

  /** Largest payload of a publish, in bytes. */
  public static final int PAYLOAD_BYTES = 128 * 1024;

  /** Longest client id, in bytes. */
  public static final int CLIENT_ID_BYTES = 128;

  /** Longest keep-alive in seconds; 0 and more are taken as this. */
  public static final int KEEP_ALIVE_MAX_S = 1200;

  /** Shortest keep-alive in seconds: less is taken as this. Only where rules are strict. */
  public static final int KEEP_ALIVE_MIN_S = 30;

  /** Publishes of one connection in a second; more are discarded. Only where rules are strict. */
  public static final int PUBLISHES_PER_SECOND = 100;

  /** Payload of one connection in a second; more waits. Only where rules are strict. */
  public static final int BYTES_PER_SECOND = 512 * 1024;

  /**
   * CONNECTs of one client id in a second; more are throttled (AWS IoT Core message broker quotas,
   * "Connect requests per second per client ID"). Only where rules are strict.
   */
  public static final int CONNECTS_PER_SECOND = 1;

  /** Kept messages that a session gets in a second when it goes on. Only where rules are strict. */
  public static final int REPLAYED_PER_SECOND = 10;

  /** How long a client has to be away until the numbers of its presence events begin again. */
  public static final Duration PRESENCE_FORGOTTEN = Duration.ofHours(1);

  /** Application protocol on port 443 (developer guide, "Device communication protocols"). */
  public static final String ALPN = "x-amzn-mqtt-ca";

  /** Most filters in one SUBSCRIBE. */
  public static final int FILTERS_PER_SUBSCRIBE = 8;

  /** Most subscriptions of one connection. */
  public static final int SUBSCRIPTIONS_PER_CONNECTION = 50;

  /** Most unacknowledged QoS 1 messages towards one client. */
  public static final int IN_FLIGHT = 100;

  /** How long a persistent session outlives its connection. */
  public static final Duration SESSION_EXPIRY = Duration.ofHours(1);

  /** Most characters of a policy document, blanks not counted. */
  public static final int POLICY_CHARACTERS = 2048;

  /** Most policies attached to one certificate. */
  public static final int POLICIES_PER_CERTIFICATE = 10;

  /** Most policies attached to one thing group. */
  public static final int POLICIES_PER_GROUP = 2;

  /** Most versions of one policy. */
  public static final int POLICY_VERSIONS = 5;

  /** Most attributes of a thing that has a type, and of a group. */
  public static final int ATTRIBUTES = 50;

  /** Most attributes of a thing without a type. */
  public static final int ATTRIBUTES_WITHOUT_TYPE = 3;

  /** Most groups that a thing is directly in. */
  public static final int GROUPS_PER_THING = 10;

  /** Most groups above each other. */
  public static final int GROUP_DEPTH = 7;

  /** Most groups directly in one group. */
  public static final int GROUPS_PER_GROUP = 100;

  /**
   * How long a thing type is deprecated before it may be deleted (developer guide, "Thing types").
   */
  public static final Duration DEPRECATED_BEFORE_DELETE = Duration.ofMinutes(5);

  /** Most registered authorities with one subject. */
  public static final int AUTHORITIES_PER_SUBJECT = 10;

  /** Most certificates in the registry. Ours: it is one file. */
  public static final int CERTIFICATES = 10_000;

  /** Most things in the registry. Ours: it is one file. */
  public static final int THINGS = 10_000;

  /** Largest desired + reported of a shadow, in bytes of JSON without blanks. */
  public static final int SHADOW_BYTES = 8 * 1024;

  /** Most levels below desired or reported. Sources say 5, 6 and 8. */
  public static final int SHADOW_DEPTH = 8;

  /**
   * How long the version of a deleted shadow is kept (developer guide, "Interacting with shadows").
   */
  public static final Duration SHADOW_VERSION_KEPT = Duration.ofDays(2);

  /** Most shadow requests of one thing in a second; only where rules are strict. */
  public static final int SHADOW_REQUESTS_PER_SECOND = 20;

  /** Longest client token of a shadow request, in bytes. */
  public static final int CLIENT_TOKEN_BYTES = 64;

  /** Most shadow requests in flight for one thing. */
  public static final int SHADOW_REQUESTS_IN_FLIGHT = 10;

  /** Most shadow requests in flight together: bounds the queue in front of the disk. Ours. */
  public static final int SHADOW_REQUESTS_TOTAL = 256;

  /**
   * How long a device may take from its certificate to its thing (device provisioning MQTT API).
   */
  public static final Duration OWNERSHIP_TOKEN_LIFE = Duration.ofHours(1);

  /** Longest provisioning template, in characters (AWS IoT Core quotas). */
  public static final int TEMPLATE_CHARACTERS = 10240;

  /** Most provisioning requests under way for one client. Ours: making keys takes time. */
  public static final int PROVISIONING_REQUESTS = 5;

  /** Most rules. Ours. */
  public static final int RULES = 50;

  /** Most messages that wait for rules. Ours. */
  public static final int RULE_MESSAGES = 1000;

  /** How often rules may feed each other with one message. Ours: AWS does it for ever. */
  public static final int RULE_CHAIN = 4;

  /** Most REST requests under way. Ours. */
  public static final int REST_REQUESTS = 64;

  /** Most connections of REST clients. Ours. */
  public static final int REST_CONNECTIONS = 100;

  /** Largest job document, in bytes (AWS IoT Device Management quotas). */
  public static final int JOB_DOCUMENT_BYTES = 32 * 1024;

  /** Longest timer of a job, in minutes: 7 days (API reference, UpdateJobExecution). */
  public static final int JOB_TIMEOUT_MINUTES = 10080;

  /** Most job requests of one thing in a second; only where rules are strict. Ours. */
  public static final int JOB_REQUESTS_PER_SECOND = 10;

  /** Most jobs. Ours. */
  public static final int JOBS = 200;

  /** Most executions of one job. Ours. */
  public static final int JOB_EXECUTIONS = 2000;

  /** Most connections. Ours: AWS has far more. */
  public static final int CONNECTIONS = 2000;

  /** Most sessions, connected or not. Ours. */
  public static final int SESSIONS = 4000;

  /** Most messages waiting for one subscriber. Ours. */
  public static final int QUEUED_MESSAGES = 1000;

  /** Most payload waiting for one subscriber, in bytes. Ours. */
  public static final long QUEUED_BYTES = 1024 * 1024;

  /** Most payload waiting for all subscribers together, in bytes. Ours. */
  public static final long QUEUED_BYTES_TOTAL = 8 * 1024 * 1024;

  /** Most retained messages. Ours. */
  public static final int RETAINED_MESSAGES = 1000;

  /** Most payload retained, in bytes. Ours. */
  public static final long RETAINED_BYTES = 4 * 1024 * 1024;

  /** How long a client may take for TLS handshake and CONNECT. Ours. */
  public static final Duration CONNECT_TIME = Duration.ofSeconds(10);

  private Quotas() {}
}
