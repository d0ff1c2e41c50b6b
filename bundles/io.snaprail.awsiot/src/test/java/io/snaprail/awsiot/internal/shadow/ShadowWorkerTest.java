package io.snaprail.awsiot.internal.shadow;

import static io.snaprail.awsiot.internal.shadow.ShadowRig.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.snaprail.awsiot.internal.json.JsonValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowWorkerTest {
  private static final ShadowPath SPEED = ShadowPath.of("speed");
  private static final ShadowPath LEVEL = ShadowPath.of("level");

  @TempDir Path folder;
  private ShadowRig rig;

  @BeforeEach
  void start() {
    rig = new ShadowRig(folder.resolve("x.json"));
    rig.device.put(SPEED, number(1));
    rig.device.put(LEVEL, number(10));
  }

  private static boolean same(JsonElement one, JsonElement other) {
    return JsonValues.same(one, other);
  }

  @Test
  void shadowIsMadeOfWhatIsThere() {
    rig.connect();
    rig.settle();
    assertThat(rig.service.reported).isEqualTo(rig.device);
    assertThat(rig.service.version).isEqualTo(1);
  }

  @Test
  void desiredValueIsWrittenOnceAndReportedAsReadBack() {
    rig.connect();
    rig.settle();
    rig.service.desire(SPEED, number(5));
    rig.settle();
    assertThat(rig.writes).containsExactly("speed=5.0");
    assertThat(same(rig.service.reported.get(SPEED), number(5))).isTrue();
  }

  // Facts "Shadow synchronisation", 3: not actuated after an outage that was longer than its life.
  @Test
  void valueThatWasDesiredTooLongAgoIsRefusedAndSaidSo() {
    rig.connect();
    rig.settle();
    rig.cut();
    rig.service.desire(SPEED, number(5));
    rig.service.time += 301;
    rig.connect();
    rig.settle();
    assertThat(rig.writes).isEmpty();
    assertThat(rig.service.reported.get(ShadowPath.of("_status", "speed", "code")))
        .isEqualTo(new JsonPrimitive("EXPIRED"));
    assertThat(rig.problems).isEmpty();
  }

  @Test
  void statusIsTakenBackWhenALaterWishIsDone() {
    rig.refusals.put(SPEED, new ShadowTarget.Outcome("NOT_ALLOWED", "not in the list", null));
    rig.connect();
    rig.settle();
    rig.service.desire(SPEED, number(5));
    rig.settle();
    assertThat(rig.service.reported).containsKey(ShadowPath.of("_status", "speed", "code"));
    rig.refusals.clear();
    rig.service.desire(SPEED, number(6));
    rig.settle();
    assertThat(rig.writes).containsExactly("speed=6.0");
    assertThat(rig.service.reported.keySet()).containsExactlyInAnyOrder(SPEED, LEVEL);
  }

  @Test
  void operatorAtTheGatewayIsNotOverruled() {
    rig.connect();
    rig.settle();
    rig.service.desire(SPEED, number(5));
    rig.settle();
    rig.device.put(SPEED, number(2));
    rig.settle();
    assertThat(rig.writes).hasSize(1);
    assertThat(rig.service.desired).isEmpty();
    assertThat(same(rig.service.reported.get(SPEED), number(2))).isTrue();
  }

  @Test
  void wishThatIsFulfilledAnyhowDoesNotUndoALaterChangeAtTheGateway() {
    rig.connect();
    rig.settle();
    rig.service.desire(SPEED, number(1));
    rig.settle();
    rig.device.put(SPEED, number(2));
    rig.settle();
    assertThat(rig.writes).isEmpty();
    assertThat(rig.service.desired).isEmpty();
  }

  @Test
  void changesWithinTheDeadbandAreNotTold() {
    rig.deadband = 0.5;
    rig.connect();
    rig.settle();
    long version = rig.service.version;
    rig.device.put(LEVEL, number(10.4));
    rig.settle();
    assertThat(rig.service.version).isEqualTo(version);
    rig.device.put(LEVEL, number(10.6));
    rig.settle();
    assertThat(same(rig.service.reported.get(LEVEL), number(10.6))).isTrue();
  }

  @Test
  void writeThatARestartCutBeforeTheDeviceIsDoneOnce() {
    rig.connect();
    rig.settle();
    rig.service.desire(SPEED, number(5));
    while (rig.messageArrives()) {
      // Until the write is under way.
    }
    rig.restart();
    rig.connect();
    rig.settle();
    assertThat(rig.writes).containsExactly("speed=5.0");
    assertThat(same(rig.service.reported.get(SPEED), number(5))).isTrue();
  }

  @Test
  void writeThatARestartCutAfterTheDeviceIsNotDoneAgain() {
    rig.connect();
    rig.settle();
    rig.service.desire(SPEED, number(5));
    while (rig.messageArrives()) {
      // Until the write is under way.
    }
    rig.writeArrives();
    rig.restart();
    rig.connect();
    rig.settle();
    assertThat(rig.writes).containsExactly("speed=5.0");
    assertThat(same(rig.service.reported.get(SPEED), number(5))).isTrue();
  }

  // AWS IoT Core quota: 8 KB.
  @Test
  void pointsWithoutRoomAreLeftOutAndNamed() {
    for (int i = 100; i < 400; i++) {
      rig.device.put(ShadowPath.of("point.with.a.long.name." + i), number(i));
    }
    rig.connect();
    rig.settle();
    assertThat(rig.problems).isNotEmpty();
    assertThat(rig.problems.get(0)).contains("no room for", "8 KB");
    assertThat(rig.service.reported).containsKeys(LEVEL);
    assertThat(rig.service.reported.size()).isBetween(150, 301);
  }

  @Test
  void whatIsGoneIsTakenOutOfWhatIsReported() {
    ShadowPath old = ShadowPath.of("old", "point");
    rig.device.put(old, number(1));
    rig.connect();
    rig.settle();
    assertThat(rig.service.reported).containsKey(old);
    rig.device.remove(old);
    // Known from the cloud alone, as after a restart.
    rig.restart();
    rig.connect();
    rig.settle();
    rig.worker.only(rig.device.keySet());
    rig.settle();
    assertThat(rig.service.reported).isEqualTo(rig.device);
    long version = rig.service.version;
    rig.worker.only(rig.device.keySet());
    rig.settle();
    assertThat(rig.service.version).isEqualTo(version);
  }

  @Test
  void whyAWishWasNotDoneStaysWithoutItsPoint() {
    ShadowPath nowhere = ShadowPath.of("nowhere");
    rig.refusals.put(nowhere, new ShadowTarget.Outcome("NOT_FOUND", "there is none", null));
    rig.connect();
    rig.settle();
    rig.service.desire(nowhere, number(1));
    rig.settle();
    rig.worker.only(rig.device.keySet());
    rig.settle();
    assertThat(rig.service.reported).containsKey(ShadowPath.of("_status", "nowhere", "code"));
  }

  @Test
  void nothingIsTakenToBeGoneForAMinute() {
    long[] now = {0};
    Presence presence = new Presence(() -> now[0]);
    presence.seen("s", SPEED);
    assertThat(presence.settled("s")).isEmpty();
    now[0] = Duration.ofSeconds(59).toNanos();
    ShadowPath other = ShadowPath.of("other");
    presence.seen("s", other);
    now[0] = Duration.ofSeconds(61).toNanos();
    assertThat(presence.settled("s").orElseThrow()).containsExactly(other);
  }

  @Test
  void deletedShadowIsMadeAgain() {
    rig.connect();
    rig.settle();
    rig.service.reported.clear();
    rig.service.version++;
    com.google.gson.JsonObject deleted = new com.google.gson.JsonObject();
    deleted.addProperty("version", rig.service.version);
    rig.worker.message("delete/accepted", new ShadowMessage(deleted));
    rig.settle();
    assertThat(rig.service.reported).isEqualTo(rig.device);
  }

  // Whatever comes in whatever order: at the end the shadow tells what is there, every wish is
  // settled, and none was carried out twice.
  @Test
  void thousandRandomInterleavingsConvergeAndActuateNothingTwice() {
    for (int seed = 0; seed < 1_000; seed++) {
      new Story(new ShadowRig(folder.resolve("s" + seed + ".json")), seed).run();
    }
  }

  /** One interleaving. */
  private static final class Story {
    private final ShadowRig rig;
    private final Random random;
    private final int seed;
    private final ShadowPath[] paths = {
      SPEED, LEVEL, ShadowPath.of("a", "b"), ShadowPath.of("a", "c")
    };
    private double next = 100;

    Story(ShadowRig rig, int seed) {
      this.rig = rig;
      this.random = new Random(seed);
      this.seed = seed;
      for (ShadowPath path : paths) {
        rig.device.put(path, number(next++));
      }
    }

    void run() {
      int steps = 20 + random.nextInt(200);
      for (int i = 0; i < steps; i++) {
        step();
      }
      if (!rig.connected) {
        rig.connect();
      }
      rig.settle();
      check();
    }

    private void step() {
      ShadowPath path = paths[random.nextInt(paths.length)];
      switch (random.nextInt(20)) {
        case 0 -> rig.service.desire(path, number(next++));
        case 1 -> rig.device.put(path, number(next++));
        case 2 -> toggle();
        case 3 -> {
          if (random.nextInt(4) == 0) {
            rig.restart();
          }
        }
        case 4, 5, 6 -> rig.poll();
        case 7, 8, 9 -> rig.pass(Duration.ofMillis(random.nextInt(2_000)));
        case 10, 11, 12 -> rig.requestArrives();
        case 13, 14, 15 -> rig.messageArrives();
        case 16, 17 -> rig.writeArrives();
        default -> rig.outcomeArrives();
      }
    }

    private void toggle() {
      if (rig.connected) {
        rig.cut();
      } else {
        rig.connect();
      }
    }

    private void check() {
      for (ShadowPath path : paths) {
        assertThat(same(rig.service.reported.get(path), rig.device.get(path)))
            .as("seed %d: %s reported %s, is %s", seed, path, rig.service.reported, rig.device)
            .isTrue();
      }
      rig.service.desired.forEach(
          (path, wish) ->
              assertThat(
                      same(wish.value(), rig.device.get(path))
                          || rig.service.reported.containsKey(
                              ShadowPath.of("_status", path.toString(), "code")))
                  .as("seed %d: wish %s=%s is neither done nor answered", seed, path, wish)
                  .isTrue());
      Map<String, Integer> counts = new HashMap<>();
      rig.writes.forEach(write -> counts.merge(write, 1, Integer::sum));
      assertThat(counts.values()).as("seed %d: %s", seed, rig.writes).allMatch(count -> count == 1);
    }
  }
}
