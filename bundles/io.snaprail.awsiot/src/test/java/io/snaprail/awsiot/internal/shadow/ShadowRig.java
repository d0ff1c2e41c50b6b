package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A worker between a shadow and a device with some registers; time and messages are the test's. */
final class ShadowRig implements ShadowTarget {
  final ShadowService service = new ShadowService();
  final Map<ShadowPath, JsonElement> device = new LinkedHashMap<>();
  final List<String> writes = new ArrayList<>();
  final List<String> problems = new ArrayList<>();
  final Map<ShadowPath, Outcome> refusals = new HashMap<>();
  final Set<String> ids = new HashSet<>();
  double deadband;
  long nanos = 1;
  boolean connected;

  private final Path file;
  private final Deque<Runnable> lane = new ArrayDeque<>();
  private final Deque<Runnable> writing = new ArrayDeque<>();
  private final Deque<ShadowService.Message> requests = new ArrayDeque<>();
  private int tokens;
  private int run;
  ShadowWorker worker;

  ShadowRig(Path file) {
    this.file = file;
    this.worker = make();
  }

  private ShadowWorker make() {
    int mine = ++run;
    try {
      return new ShadowWorker(
          new ShadowWorker.Wire() {
            @Override
            public long nanoTime() {
              return nanos;
            }

            @Override
            public String send(String operation, JsonObject document) {
              String token = "t" + ++tokens;
              JsonObject sent = document.deepCopy();
              sent.addProperty("clientToken", token);
              requests.add(new ShadowService.Message(operation, sent));
              return token;
            }

            @Override
            public void problem(String words) {
              if (words != null) {
                problems.add(words);
              }
            }
          },
          "x",
          Settlements.read(file),
          new ActuationSettings(
              this,
              task ->
                  lane.add(
                      () -> {
                        if (mine == run) {
                          task.run();
                        }
                      }),
              Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
              Duration.ofMinutes(5),
              new Random(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Outcome refusal(ShadowPath path, JsonElement value) {
    return refusals.get(path);
  }

  @Override
  public CompletionStage<Outcome> write(
      String id, ShadowPath path, JsonElement value, Instant expiresAt) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    writing.add(
        () -> {
          ids.add(id);
          writes.add(path + "=" + value);
          device.put(path, value);
          outcome.complete(new Outcome(Outcome.DONE, "", value));
        });
    return outcome;
  }

  @Override
  public double deadband(ShadowPath path) {
    return deadband;
  }

  void connect() {
    connected = true;
    worker.ready();
  }

  /** Everything that is on its way is lost, in both directions. */
  void cut() {
    connected = false;
    worker.lost();
    requests.clear();
    service.toDevice.clear();
  }

  /** The process is killed and starts again: writes that were not yet at the device are lost. */
  void restart() {
    cut();
    lane.clear();
    writing.clear();
    worker = make();
  }

  /** The device is read. */
  void poll() {
    device.forEach((path, value) -> worker.actual(path, value));
  }

  boolean requestArrives() {
    ShadowService.Message request = requests.poll();
    if (request != null) {
      service.request(request.kind(), request.document());
    }
    return request != null;
  }

  boolean messageArrives() {
    ShadowService.Message message = service.toDevice.poll();
    if (message != null && connected) {
      worker.message(message.kind(), new ShadowMessage(message.document()));
    }
    return message != null;
  }

  boolean writeArrives() {
    Runnable write = writing.poll();
    if (write != null) {
      write.run();
    }
    return write != null;
  }

  boolean outcomeArrives() {
    Runnable outcome = lane.poll();
    if (outcome != null) {
      outcome.run();
    }
    return outcome != null;
  }

  void pass(Duration time) {
    nanos += time.toNanos();
    service.time += time.toSeconds();
    worker.tick();
  }

  /** Lets everything come to rest. */
  void settle() {
    for (int quiet = 0; quiet < 30; quiet++) {
      poll();
      pass(Duration.ofSeconds(1));
      while (requestArrives() || messageArrives() || writeArrives() || outcomeArrives()) {
        // Until nothing is on its way.
      }
    }
  }

  static JsonElement number(double value) {
    return new JsonPrimitive(value);
  }
}
