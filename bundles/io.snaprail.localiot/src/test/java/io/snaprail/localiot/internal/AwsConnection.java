package io.snaprail.localiot.internal;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.V2ClientStreamOptions;

/** A connection of AWS IoT Device SDK for Java v2. */
final class AwsConnection implements AutoCloseable {
  private static final int TIMEOUT_S = 10;

  private final MqttClientConnection connection;

  /** Connects with mutual TLS, as AWS's samples do. */
  AwsConnection(String clientId, int port, Files files) throws Exception {
    try (AwsIotMqttConnectionBuilder builder =
        AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
            files.certificate().toString(), files.key().toString())) {
      builder.withCertificateAuthorityFromPath(null, files.roots().toString());
      builder.withEndpoint("localhost").withPort(port).withClientId(clientId);
      builder.withCleanSession(true).withProtocolOperationTimeoutMs(TIMEOUT_S * 1000);
      connection = builder.build();
    }
    Turns.connect(clientId, () -> get(connection.connect()));
  }

  /** What identifies a client. */
  record Files(Path certificate, Path key, Path roots) {
    static Files of(RunningEndpoint running, String identity) {
      return new Files(
          running.pki.certificateFile(identity),
          running.pki.keyFile(identity),
          running.pki.rootsFile("localiot"));
    }
  }

  /** One of the SDK's service clients over this connection. */
  <T> T client(Function<MqttClientConnection, T> factory) {
    return factory.apply(connection);
  }

  static MqttRequestResponseClientOptions options() {
    return MqttRequestResponseClientOptions.builder()
        .withMaxRequestResponseSubscriptions(8)
        .withMaxStreamingSubscriptions(4)
        .withOperationTimeoutSeconds(TIMEOUT_S)
        .build();
  }

  /** Awaits an answer; a failure is thrown as the SDK made it. */
  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Opens a stream of events and waits until it is subscribed. */
  static <T> AutoCloseable open(
      Events<T> events,
      Function<V2ClientStreamOptions<T>, software.amazon.awssdk.crt.iot.StreamingOperation> stream)
      throws Exception {
    CompletableFuture<Void> subscribed = new CompletableFuture<>();
    software.amazon.awssdk.crt.iot.StreamingOperation operation =
        stream.apply(
            V2ClientStreamOptions.<T>builder()
                .withStreamEventHandler(events::add)
                .withSubscriptionEventHandler(event -> subscribed.complete(null))
                .withDeserializationFailureHandler(failure -> events.fail(failure.toString()))
                .build());
    operation.open();
    get(subscribed);
    return operation;
  }

  /** What came over a stream. */
  static final class Events<T> {
    private final java.util.concurrent.BlockingQueue<T> queue =
        new java.util.concurrent.LinkedBlockingQueue<>();
    private volatile String failure = "";

    void add(T event) {
      queue.add(event);
    }

    void fail(String words) {
      failure = words;
    }

    /** The next one; fails after 10 s. */
    T next() throws InterruptedException {
      T event = queue.poll(TIMEOUT_S, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event in " + TIMEOUT_S + " s " + failure);
      }
      return event;
    }

    boolean isEmpty() {
      return queue.isEmpty();
    }
  }

  @Override
  public void close() throws Exception {
    get(connection.disconnect());
    connection.close();
  }
}
