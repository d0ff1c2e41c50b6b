package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.iot.iotshadow.IotShadowV2Client;
import software.amazon.awssdk.iot.iotshadow.model.DeleteNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.DeleteShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowResponse;
import software.amazon.awssdk.iot.iotshadow.model.NamedShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowState;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowResponse;
import software.amazon.awssdk.iot.iotshadow.model.V2ErrorResponseException;

/** The shadow client of AWS IoT Device SDK for Java v2 against the endpoint. */
class AwsSdkV2ShadowTest {
  private static final String THING = RunningEndpoint.THING;

  @TempDir private static Path folder;
  private static RunningEndpoint running;
  private AwsConnection connection;
  private IotShadowV2Client client;

  @BeforeAll
  static void start() {
    running = new RunningEndpoint(folder);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = new AwsConnection(THING, running.port(), AwsConnection.Files.of(running, "demo"));
    client = connection.client(c -> IotShadowV2Client.newFromMqtt311(c, AwsConnection.options()));
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
    connection.close();
  }

  @SuppressWarnings("NonApiType") // The SDK's own fields are of this type.
  private static HashMap<String, Object> map(String key, Object value) {
    return new HashMap<>(Map.of(key, value));
  }

  private static UpdateShadowRequest classic(ShadowState state) {
    UpdateShadowRequest request = new UpdateShadowRequest();
    request.thingName = THING;
    request.state = state;
    return request;
  }

  private static UpdateNamedShadowRequest named(String shadow, ShadowState state) {
    UpdateNamedShadowRequest request = new UpdateNamedShadowRequest();
    request.thingName = THING;
    request.shadowName = shadow;
    request.state = state;
    return request;
  }

  private static ShadowState desired(String key, Object value) {
    ShadowState state = new ShadowState();
    state.desired = map(key, value);
    return state;
  }

  private static ShadowState reported(String key, Object value) {
    ShadowState state = new ShadowState();
    state.reported = map(key, value);
    return state;
  }

  @Test
  void updatesGetsAndDeletesTheClassicShadow() throws Exception {
    GetShadowRequest get = new GetShadowRequest();
    get.thingName = THING;
    UpdateShadowResponse updated =
        AwsConnection.get(client.updateShadow(classic(desired("colour", "red"))));
    assertThat(updated.state.desired).containsEntry("colour", "red");
    assertThat(updated.metadata.desired).containsKey("colour");

    GetShadowResponse got = AwsConnection.get(client.getShadow(get));
    assertThat(got.state.desired).containsEntry("colour", "red");
    assertThat(got.state.delta).containsEntry("colour", "red");
    assertThat(got.version).isEqualTo(updated.version);

    AwsConnection.get(client.updateShadow(classic(reported("colour", "red"))));
    assertThat(AwsConnection.get(client.getShadow(get)).state.delta).isNull();

    DeleteShadowRequest delete = new DeleteShadowRequest();
    delete.thingName = THING;
    assertThat(AwsConnection.get(client.deleteShadow(delete)).version)
        .isEqualTo(updated.version + 1);
    V2ErrorResponseException gone =
        (V2ErrorResponseException) catchThrowable(() -> AwsConnection.get(client.getShadow(get)));
    assertThat(gone.getModeledError().code).isEqualTo(404);
    assertThat(gone.getModeledError().message)
        .isEqualTo("No shadow exists with name: '" + THING + "'");
  }

  @Test
  void updatesGetsAndDeletesNamedShadows() throws Exception {
    AwsConnection.get(client.updateNamedShadow(named("one", desired("a", 1))));
    AwsConnection.get(client.updateNamedShadow(named("two", desired("a", 2))));
    GetNamedShadowRequest get = new GetNamedShadowRequest();
    get.thingName = THING;
    get.shadowName = "one";
    assertThat(AwsConnection.get(client.getNamedShadow(get)).state.desired).containsEntry("a", 1.0);

    DeleteNamedShadowRequest delete = new DeleteNamedShadowRequest();
    delete.thingName = THING;
    delete.shadowName = "one";
    AwsConnection.get(client.deleteNamedShadow(delete));

    assertThat(catchThrowable(() -> AwsConnection.get(client.getNamedShadow(get))))
        .isInstanceOf(V2ErrorResponseException.class);
    get.shadowName = "two";
    assertThat(AwsConnection.get(client.getNamedShadow(get)).state.desired).containsEntry("a", 2.0);
  }

  @Test
  void removesASectionAndAKey() throws Exception {
    AwsConnection.get(client.updateNamedShadow(named("nulls", desired("a", 1))));
    ShadowState state = new ShadowState();
    state.desiredIsNullable = true;
    state.reported = map("b", 2);

    AwsConnection.get(client.updateNamedShadow(named("nulls", state)));

    GetNamedShadowRequest get = new GetNamedShadowRequest();
    get.thingName = THING;
    get.shadowName = "nulls";
    GetShadowResponse got = AwsConnection.get(client.getNamedShadow(get));
    assertThat(got.state.desired).isNull();
    assertThat(got.state.reported).containsEntry("b", 2.0);
  }

  @Test
  void isToldOfAVersionConflictAndOfATooLargeDocument() throws Exception {
    UpdateNamedShadowRequest update = named("conflict", desired("a", 1));
    AwsConnection.get(client.updateNamedShadow(update));
    update.version = 7;
    V2ErrorResponseException conflict =
        (V2ErrorResponseException)
            catchThrowable(() -> AwsConnection.get(client.updateNamedShadow(update)));
    assertThat(conflict.getModeledError().code).isEqualTo(409);
    assertThat(conflict.getModeledError().message).isEqualTo("Version conflict");

    UpdateNamedShadowRequest large = named("large", desired("a", "x".repeat(9000)));
    V2ErrorResponseException tooLarge =
        (V2ErrorResponseException)
            catchThrowable(() -> AwsConnection.get(client.updateNamedShadow(large)));
    assertThat(tooLarge.getModeledError().code).isEqualTo(413);
  }

  @Test
  void deltaEventsAndDocumentsCome() throws Exception {
    AwsConnection.Events<ShadowDeltaUpdatedEvent> deltas = new AwsConnection.Events<>();
    AwsConnection.Events<ShadowDeltaUpdatedEvent> namedDeltas = new AwsConnection.Events<>();
    AwsConnection.Events<ShadowUpdatedEvent> documents = new AwsConnection.Events<>();
    ShadowDeltaUpdatedSubscriptionRequest delta = new ShadowDeltaUpdatedSubscriptionRequest();
    delta.thingName = THING;
    NamedShadowDeltaUpdatedSubscriptionRequest namedDelta =
        new NamedShadowDeltaUpdatedSubscriptionRequest();
    namedDelta.thingName = THING;
    namedDelta.shadowName = "lamp";
    ShadowUpdatedSubscriptionRequest updated = new ShadowUpdatedSubscriptionRequest();
    updated.thingName = THING;
    try (AutoCloseable one =
            AwsConnection.open(deltas, o -> client.createShadowDeltaUpdatedStream(delta, o));
        AutoCloseable two =
            AwsConnection.open(
                namedDeltas, o -> client.createNamedShadowDeltaUpdatedStream(namedDelta, o));
        AutoCloseable three =
            AwsConnection.open(documents, o -> client.createShadowUpdatedStream(updated, o))) {
      assertThat(one).isNotEqualTo(two).isNotEqualTo(three);
      AwsConnection.get(client.updateShadow(classic(desired("speed", 3))));
      assertThat(deltas.next().state).containsEntry("speed", 3.0);
      ShadowUpdatedEvent document = documents.next();
      assertThat(document.current.state.desired).containsEntry("speed", 3.0);

      AwsConnection.get(client.updateNamedShadow(named("lamp", desired("on", true))));
      ShadowDeltaUpdatedEvent event = namedDeltas.next();
      assertThat(event.state).containsEntry("on", true);
      assertThat(event.metadata).containsKey("on");
      assertThat(deltas.isEmpty()).isTrue();

      AwsConnection.get(client.updateShadow(classic(reported("speed", 3))));
      assertThat(documents.next().previous.state.desired).containsEntry("speed", 3.0);
      assertThat(deltas.isEmpty()).isTrue();
    }
  }
}
