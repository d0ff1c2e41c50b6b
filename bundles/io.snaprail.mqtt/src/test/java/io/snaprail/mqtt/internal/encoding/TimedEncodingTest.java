package io.snaprail.mqtt.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.uplink.Spool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that boots in 1970. */
class TimedEncodingTest {
  private static final Instant RIGHT = Instant.parse("2026-11-21T10:00:00Z");

  private long mono = Duration.ofSeconds(5).toNanos();
  private Instant bootedAt = Instant.EPOCH;
  private String boot = "b1";
  private final List<String> trouble = new ArrayList<>();
  private ClockSteps steps = new ClockSteps(true);
  private final Clock clock = clock(() -> bootedAt.plusNanos(mono));
  private TelemetryEncoding encoding = encoding(Payload.JSON);

  private static Clock clock(InstantSource source) {
    return new Clock() {
      @Override
      public Instant instant() {
        return source.instant();
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }
    };
  }

  private TelemetryEncoding encoding(String form) {
    return encoding(form, "");
  }

  private TelemetryEncoding encoding(String form, String template) {
    return new TimedEncoding(
        Encodings.of(
            new Payload(form, template, Payload.ALIAS, Duration.ZERO, Payload.MAX_BYTES),
            Map.of("gateway", "gw")),
        () -> boot,
        new WallTime(clock, () -> mono, steps),
        trouble::add);
  }

  private void pass(Duration time) {
    mono += time.toNanos();
  }

  private void set(Instant now) {
    bootedAt = now.minusNanos(mono);
  }

  /** What waits in the spool. */
  private List<byte[]> spool(SampleBatch batch) {
    List<byte[]> payloads = new ArrayList<>();
    encoding.encode(Cycles.of("t", boot, List.of(batch)), (topic, bytes) -> payloads.add(bytes));
    return payloads;
  }

  private SampleBatch now(Sample... samples) {
    return new SampleBatch("d", 1, clock.instant(), List.of(samples));
  }

  private Sample sample(String point) {
    return Sample.good(point, new Value.Int(1), clock.instant());
  }

  private String sent(byte[] payload) {
    return new String(encoding.send("t", payload, false).get(0).payload(), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsTakenBeforeTheClockIsSetGetsItsTimeWhenItIsSentAfterwards() {
    byte[] waiting = spool(now(sample("x"))).get(0);
    pass(Duration.ofMinutes(10));
    set(RIGHT);
    pass(Duration.ofSeconds(30));
    assertThat(sent(waiting))
        .isEqualTo(
            "{\"device\":\"d\",\"boot\":\"b1\",\"seq\":1,\"ts\":\"2026-11-21T09:50:00.000Z\","
                + "\"tsQuality\":\"BACKFILLED\",\"values\":{\"x\":{\"v\":1,\"q\":\"GOOD\"}}}");
    assertThat(sent(spool(now(sample("x"))).get(0)))
        .contains("\"ts\":\"2026-11-21T10:00:30.000Z\",\"values\"");
  }

  @Test
  void deviceThatKnowsTheTimeItselfIsBelieved() {
    Sample own = Sample.good("own", new Value.Int(1), RIGHT.minusSeconds(1));
    byte[] waiting = spool(now(sample("x"), own)).get(0);
    set(RIGHT);
    assertThat(sent(waiting))
        .contains("\"own\":{\"v\":1,\"q\":\"GOOD\",\"t\":\"2026-11-21T09:59:59.000Z\"}");
  }

  @Test
  void whatIsSentWhileTheClockIsNotSetSaysSoAndHowLongTheGatewayHasRun() {
    byte[] waiting = spool(now(sample("x"))).get(0);
    pass(Duration.ofSeconds(1));
    assertThat(sent(waiting))
        .contains(
            "\"boot\":\"b1\",\"seq\":1,\"ts\":\"1970-01-01T00:00:05.000Z\","
                + "\"tsQuality\":\"UNKNOWN\",\"up\":5000,");
  }

  @Test
  void whatComesFromABootInWhichTheClockWasNeverSetIsMarked() {
    byte[] waiting = spool(now(sample("x"))).get(0);
    boot = "b2";
    mono = 0;
    set(RIGHT);
    assertThat(sent(waiting)).contains("\"boot\":\"b1\"", "\"tsQuality\":\"UNKNOWN\",\"up\":5000,");
  }

  @Test
  void sampleFromJustBeforeTheClockWasSetIsCorrectedToo() {
    SampleBatch before = now(sample("x"));
    pass(Duration.ofMillis(20));
    set(RIGHT);
    assertThat(sent(spool(before).get(0)))
        .contains("\"ts\":\"2026-11-21T09:59:59.980Z\",\"tsQuality\":\"BACKFILLED\"");
  }

  @Test
  void everySampleComesBackAsItWas() {
    List<Sample> samples =
        List.of(
            sample("i"),
            Sample.good("b", new Value.Bool(true), clock.instant()),
            Sample.good("f", new Value.Bool(false), clock.instant()),
            Sample.good("s", new Value.Float32(0.1f), clock.instant()),
            Sample.good("d", new Value.Float64(-1e300), clock.instant()),
            Sample.good("t", new Value.Text("ü".repeat(40_000)), clock.instant()),
            new Sample("u", new Value.Int(1), Quality.UNCERTAIN, "why", clock.instant()),
            Sample.bad("x", "no answer", clock.instant()));
    SampleBatch batch = new SampleBatch("d", 7, clock.instant(), samples);
    assertThat(RawBatch.parse(new RawBatch("b", -5, batch).bytes()))
        .isEqualTo(new RawBatch("b", -5, batch));
  }

  @Test
  void damagedOnesAreRefusedWithAReason() {
    byte[] good = spool(now(sample("x"))).get(0);
    for (int length = 5; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> sent(cut)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void manySamplesMakeNoMoreMessagesThanAnEntryMayBecome() {
    encoding = encoding(Payload.SITEWISE);
    List<byte[]> waiting =
        spool(now(IntStream.range(0, 1000).mapToObj(i -> sample("p" + i)).toArray(Sample[]::new)));
    set(RIGHT);
    int messages = 0;
    for (byte[] each : waiting) {
      int made = encoding.send("t", each, false).size();
      assertThat(made).isLessThanOrEqualTo(TelemetryEncoding.MAX_MESSAGES);
      messages += made;
    }
    assertThat(messages).isEqualTo(100);
  }

  @Test
  void encodingThatNeedsTheTimeWaitsForIt() {
    encoding = encoding(Payload.SITEWISE);
    assertThat(encoding.ready()).isFalse();
    set(RIGHT);
    assertThat(encoding.ready()).isTrue();
    bootedAt = Instant.EPOCH;
    assertThat(encoding(Payload.JSON).ready()).isTrue();
  }

  @Test
  void clockThatIsNotSetIsToldOnceAndTakenBackWhenItIs() {
    spool(now(sample("x")));
    spool(now(sample("x")));
    assertThat(trouble).singleElement().asString().contains("clock is not set");
    set(RIGHT);
    spool(now(sample("x")));
    assertThat(trouble).hasSize(2).last().isEqualTo("");
  }

  @Test
  void clockThatIsMovedWhileRunningIsToldForAnHour() {
    set(RIGHT);
    encoding = encoding(Payload.JSON);
    pass(Duration.ofSeconds(100));
    // As NTP does it all the time.
    bootedAt = bootedAt.plusMillis(900);
    spool(now(sample("x")));
    assertThat(trouble).isEmpty();
    bootedAt = bootedAt.minusSeconds(3600);
    spool(now(sample("x")));
    spool(now(sample("x")));
    assertThat(trouble)
        .singleElement()
        .asString()
        .contains("was moved by -3600000 ms while it was running");
    pass(Duration.ofMinutes(61));
    spool(now(sample("x")));
    assertThat(trouble).last().isEqualTo("");
  }

  private String sent(byte[] payload, boolean replayed) {
    return new String(
        encoding.send("t", payload, replayed).get(0).payload(), StandardCharsets.UTF_8);
  }

  // It is known when it is sent, not when it is encoded.
  @Test
  void templateSaysWhetherItIsReplayed() {
    set(RIGHT);
    String template =
        "{\"r\":{{replayed}},\"v\":[{{#points}}{{value}},\"{{point}} {{replayed}}\"{{/points}}]}";
    encoding = encoding(Payload.TEMPLATE, template);
    byte[] waiting = spool(now(sample("x"), sample("y"))).get(0);
    assertThat(sent(waiting, false)).isEqualTo("{\"r\":false,\"v\":[1,\"x false\",1,\"y false\"]}");
    assertThat(sent(waiting, true)).isEqualTo("{\"r\":true,\"v\":[1,\"x true\",1,\"y true\"]}");
    // Sent by another form, after the settings were changed.
    encoding = encoding(Payload.SITEWISE);
    assertThat(sent(waiting, true)).startsWith("{\"r\":true,");
  }

  @Test
  void templateSaysSoTooOfWhatWasTakenBeforeTheClockWasSet() {
    encoding =
        encoding(Payload.TEMPLATE, "{\"r\":{{replayed}},\"v\":[{{#points}}{{value}}{{/points}}]}");
    byte[] waiting = spool(now(sample("x"))).get(0);
    assertThat(sent(waiting, true)).isEqualTo("{\"r\":true,\"v\":[1]}");
  }

  @Test
  void templateWithoutAPlaceIsKeptAsItIs() {
    set(RIGHT);
    encoding = encoding(Payload.TEMPLATE, "[{{#points}}{{value}}{{/points}}]");
    assertThat(new String(spool(now(sample("x"))).get(0), StandardCharsets.UTF_8)).isEqualTo("[1]");
  }

  /** What is sent for something that has waited in the spool. */
  private String sent(long id, byte[] payload) {
    Spool.Entry entry =
        new Spool.Entry(id, Spool.Lane.NORMAL, "t", payload, clock.instant(), false);
    return new String(
        steps.mark(entry, encoding.send("t", payload, false)).get(0).payload(),
        StandardCharsets.UTF_8);
  }

  private byte[] spooled(long id) {
    byte[] payload = spool(now(sample("x"))).get(0);
    steps.appended(id);
    return payload;
  }

  // An hour off at the start, and corrected by NTP while messages wait.
  @Test
  void whatWaitedWhileTheClockWasMovedSaysByHowMuch() {
    set(RIGHT.minusSeconds(3600));
    encoding = encoding(Payload.JSON);
    byte[] before = spooled(7);
    assertThat(sent(7, before)).startsWith("{\"device\"");
    pass(Duration.ofSeconds(10));
    bootedAt = bootedAt.plusSeconds(3600);
    byte[] after = spooled(8);
    assertThat(sent(7, before))
        .startsWith(
            "{\"clockMoved\":3600000,\"device\":\"d\",\"boot\":\"b1\",\"seq\":1,"
                + "\"ts\":\"2026-11-21T09:00:00.000Z\"");
    assertThat(sent(8, after)).startsWith("{\"device\"").contains("2026-11-21T10:00:10.000Z");
    // Of an earlier run: its clock is not known.
    assertThat(sent(6, before)).startsWith("{\"device\"");
    assertThat(steps.count()).isEqualTo(1);
    assertThat(steps.lastStep()).hasSeconds(3600);
    // Steps add up, and may undo each other.
    bootedAt = bootedAt.minusSeconds(3600);
    spooled(9);
    assertThat(sent(7, before)).startsWith("{\"device\"");
    assertThat(sent(8, after)).startsWith("{\"clockMoved\":-3600000,");
    for (int i = 0; i < 40; i++) {
      bootedAt = bootedAt.plusSeconds(10);
      spooled(10 + i);
    }
    assertThat(sent(7, before)).startsWith("{\"clockMoved\":400000,");
    assertThat(sent(40, after)).startsWith("{\"clockMoved\":90000,");
  }

  @Test
  void whatGetsItsTimeWhenItIsSentHasNoSuchMark() {
    byte[] raw = spooled(1);
    set(RIGHT.minusSeconds(3600));
    spooled(2);
    bootedAt = bootedAt.plusSeconds(3600);
    spooled(3);
    assertThat(sent(1, raw)).startsWith("{\"device\"").contains("BACKFILLED");
  }

  @Test
  void formsThatHaveNoRoomForItStayAsTheyAre() {
    steps = new ClockSteps(false);
    set(RIGHT);
    encoding = encoding(Payload.SITEWISE);
    byte[] before = spooled(1);
    bootedAt = bootedAt.plusSeconds(3600);
    spooled(2);
    assertThat(sent(1, before)).startsWith("{\"entries\"");
    assertThat(steps.count()).isEqualTo(1);
  }

  // AWS IoT Core takes 128 KiB: with its marks a message is no larger.
  @ParameterizedTest
  @ValueSource(ints = {65_300, 65_400, 65_420, 65_440, 65_460, 65_480, 65_500})
  void messageWithAllItsMarksIsNoLargerThanMayBeSent(int length) {
    set(RIGHT.minusSeconds(3600));
    encoding = encoding(Payload.JSON);
    Value half = new Value.Text("x".repeat(length));
    List<byte[]> payloads =
        spool(
            now(Sample.good("a", half, clock.instant()), Sample.good("b", half, clock.instant())));
    steps.appended(1);
    bootedAt = bootedAt.plusSeconds(3_000_000_000L);
    spooled(2);
    for (byte[] payload : payloads) {
      Spool.Entry entry =
          new Spool.Entry(1, Spool.Lane.NORMAL, "t", payload, clock.instant(), true);
      byte[] sent = steps.mark(entry, encoding.send("t", payload, true)).get(0).payload();
      assertThat(sent.length).isLessThanOrEqualTo(Payload.MAX_BYTES);
      assertThat(new String(sent, StandardCharsets.UTF_8))
          .startsWith("{\"clockMoved\":3000000000000,\"replayed\":true,");
    }
  }
}
