package io.snaprail.awsiot.internal.shadow;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whatever the shadow service sends: it is acted upon or dropped, and the next is looked at. */
class ShadowFuzzTest {
  private static final List<String> KINDS =
      List.of(
          "get/accepted",
          "get/rejected",
          "update/accepted",
          "update/rejected",
          "update/delta",
          "delete/accepted");

  /** Messages of the service, in any order. */
  @FuzzTest
  void messages(FuzzedDataProvider data) throws IOException {
    Rig rig = new Rig();
    while (data.remainingBytes() > 0) {
      String kind = data.pickValue(KINDS);
      boolean answer = data.consumeBoolean();
      byte[] text = data.consumeString(400).getBytes(StandardCharsets.UTF_8);
      rig.message(kind, answer, text);
    }
    rig.close();
  }

  /** A message that is one but for its desired section. */
  @FuzzTest
  void desired(FuzzedDataProvider data) throws IOException {
    Rig rig = new Rig();
    String state = data.consumeRemainingAsString();
    String document =
        "{\"state\":{\"desired\":" + state + "},\"metadata\":" + state + ",\"version\":3}";
    rig.message("get/accepted", true, document.getBytes(StandardCharsets.UTF_8));
    document = "{\"state\":" + state + ",\"metadata\":" + state + ",\"version\":4}";
    rig.message("update/delta", false, document.getBytes(StandardCharsets.UTF_8));
    rig.close();
  }

  /** A worker with a device that takes everything. */
  private static final class Rig implements ShadowTarget, ShadowWorker.Wire {
    private final Path file = Files.createTempDirectory("shadow").resolve("s.json");
    private final ShadowWorker worker;
    private long nanos = 1;
    private int token;

    Rig() throws IOException {
      worker =
          new ShadowWorker(
              this,
              "s",
              Settlements.read(file),
              new ActuationSettings(
                  this, Runnable::run, Clock.systemUTC(), Duration.ofHours(1), new Random(1)));
      worker.ready();
      worker.actual(ShadowPath.of("a"), new JsonPrimitive(1));
      tick();
    }

    private void tick() {
      nanos += Duration.ofSeconds(11).toNanos();
      worker.tick();
    }

    void message(String kind, boolean answer, byte[] text) {
      try {
        JsonObject document = JsonText.object(text);
        if (answer) {
          document.addProperty("clientToken", "t" + token);
        }
        worker.message(kind, new ShadowMessage(document));
      } catch (IOException dropped) {
        return;
      }
      tick();
    }

    void close() throws IOException {
      Files.deleteIfExists(file);
      Files.delete(file.getParent());
    }

    @Override
    public Outcome refusal(ShadowPath path, JsonElement value) {
      return null;
    }

    @Override
    public CompletionStage<Outcome> write(
        String id, ShadowPath path, JsonElement value, Instant expiresAt) {
      return CompletableFuture.completedFuture(new Outcome(Outcome.DONE, "", value));
    }

    @Override
    public double deadband(ShadowPath path) {
      return 0;
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public String send(String operation, JsonObject document) {
      return "t" + ++token;
    }

    @Override
    public void problem(String words) {
      // Whatever is told is told in words.
    }
  }
}
