package io.snaprail.awsiot.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonObject;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Whatever is asked on the back channel: there is one answer, and nothing else happens. */
class BackChannelFuzzTest {
  private final List<byte[]> answers = new ArrayList<>();
  private MqttSession.MessageHandler handler;

  private BackChannelFuzzTest open() throws IOException {
    answers.clear();
    MqttSession session =
        (MqttSession)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MqttSession.class}, this::session);
    List<String> reads = List.of("*/Read*");
    new BackChannel(
        session,
        new BackChannel.Topics("ask", "answer"),
        new Operations(
            "uplink",
            new Operations.Allowed(
                PointFilter.parse("w", List.of()), PointFilter.parse("r", reads)),
            new Operations.Parts(
                () -> null,
                () -> null,
                new RawAccess(
                    "uplink", new RawAccess.Parts(() -> null, () -> null, () -> null, null)),
                Clock.systemUTC())),
        Remembered.read(Path.of("no-such-file.json")),
        Runnable::run);
    return this;
  }

  private Object session(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
    if (method.getName().equals("subscribe")) {
      handler = (MqttSession.MessageHandler) arguments[1];
      return Proxy.newProxyInstance(
          getClass().getClassLoader(),
          new Class<?>[] {MqttSession.Subscription.class},
          (subscription, called, with) -> null);
    }
    answers.add((byte[]) arguments[1]);
    return CompletableFuture.completedFuture(null);
  }

  private void ask(byte[] request) throws IOException {
    handler.message("ask", request);
    assertThat(answers).hasSize(1);
    JsonObject response = JsonText.child(JsonText.object(answers.get(0)), "response");
    assertThat(response).isNotNull();
    assertThat(response.get("status").getAsString()).isEqualTo("fail");
    assertThat(response.get("error_code").getAsString()).isNotBlank();
    assertThat(response.get("error_message").getAsString()).isNotBlank();
  }

  @FuzzTest
  void anything(FuzzedDataProvider data) throws IOException {
    open().ask(data.consumeRemainingAsBytes());
  }

  /** A request that is one but for what it asks for. */
  @FuzzTest
  void request(FuzzedDataProvider data) throws IOException {
    String operation = data.pickValue(List.of("ReadPoints", "WritePoint", "ReadCoils", "WriteX"));
    String expires = data.consumeString(30).replace("\\", "").replace("\"", "");
    String rest = data.consumeRemainingAsString();
    open()
        .ask(
            ("{\"id\":\"1\",\"expiresAt\":\""
                    + expires
                    + "\",\"request\":{\"operation\":\""
                    + operation
                    + "\",\"device\":\"d\","
                    + rest
                    + "}}")
                .getBytes(StandardCharsets.UTF_8));
  }

  /** An answer of a device to a raw request. */
  @FuzzTest
  void answerOfADevice(FuzzedDataProvider data) {
    JsonObject asked = new JsonObject();
    asked.addProperty("address", data.consumeInt(0, 65_000));
    asked.addProperty("count", data.consumeInt(1, 125));
    String operation = data.pickValue(List.of("ReadCoils", "ReadInputRegisters"));
    try {
      JsonObject payload = RawRequest.of(operation, asked).read(data.consumeRemainingAsBytes());
      assertThat(payload.has("bits") || payload.has("registers")).isTrue();
    } catch (OperationException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
