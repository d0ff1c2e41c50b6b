package io.snaprail.sparkplug.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.command.PointFilter;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.runtime.DeviceStatus.State;
import io.snaprail.sparkplug.internal.wire.DataType;
import io.snaprail.sparkplug.internal.wire.Metric;
import io.snaprail.sparkplug.internal.wire.Payload;
import io.snaprail.sparkplug.internal.wire.Property;
import io.snaprail.sparkplug.support.Plant;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of what an edge node says; clauses are those of the specification 3.0.0. */
class EdgeNodeTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final String DATA = "spBv1.0/plant/DDATA/gw/";

  @TempDir Path folder;
  private final Plant plant = new Plant();
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> problems = new ArrayList<>();
  private final Aliases aliases = new Aliases();
  private int gone;
  private PrimaryHost host;
  private EdgeNode node;

  @BeforeEach
  void start() {
    node("");
    plant.device("boiler", State.ONLINE).point("boiler", "temperature", "float32", "C");
    plant.read("boiler", T0, Map.of("temperature", new Value.Float32(20.5f)));
  }

  private void node(String primaryHost) {
    host =
        new PrimaryHost(
            primaryHost,
            nanos::get,
            new PrimaryHost.Ear() {
              @Override
              public void gone() {
                gone++;
              }

              @Override
              public void problem(String words) {
                problems.add(words);
              }
            });
    node =
        new EdgeNode(
            new EdgeNode.Parts(
                new Names("plant", "gw"),
                plant::gateway,
                PointFilter.parse("devices", List.of()),
                PointFilter.parse("commands.write", List.of("boiler/*")),
                host,
                new BirthDeathSequence(folder.resolve("bdseq")),
                Clock.fixed(T0.plusSeconds(100), ZoneOffset.UTC),
                nanos::get),
            aliases);
  }

  private Presence.Message connect() {
    Presence.Message will = node.will();
    node.begin();
    node.subscribed(true);
    return will;
  }

  private List<TelemetryMessage> due() {
    List<TelemetryMessage> all = new ArrayList<>();
    for (TelemetryMessage one = node.due(); one != null; one = node.due()) {
      all.add(one);
    }
    return all;
  }

  private static List<String> topics(List<TelemetryMessage> messages) {
    return messages.stream().map(TelemetryMessage::topic).toList();
  }

  private static Payload payload(TelemetryMessage message) {
    return Payload.read(message.payload());
  }

  private static Metric metric(TelemetryMessage message, String name) {
    return payload(message).metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<TelemetryMessage> send(SampleBatch batch, boolean replayed) {
    List<TelemetryMessage> sent = new ArrayList<>();
    node.encode(
        Cycles.of(DATA + batch.device(), "boot-1", List.of(batch)),
        (topic, bytes) -> sent.addAll(node.send(topic, bytes, replayed)));
    return sent;
  }

  private List<TelemetryMessage> send(String device, Instant time, Value value) {
    return send(plant.read(device, time, Map.of("temperature", value)), false);
  }

  private void later(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  // 6.4.18, 6.4.20, 6.4.8: what births hold.
  @Test
  void nodeIsBornFirstThenItsDevicesWithNamesTypesAliasesAndQuality() {
    connect();
    assertThat(node.ready()).isFalse();
    List<TelemetryMessage> births = due();
    assertThat(topics(births))
        .containsExactly("spBv1.0/plant/NBIRTH/gw", "spBv1.0/plant/DBIRTH/gw/boiler");
    assertThat(births).allMatch(birth -> birth.qos() == 0 && !birth.retained());
    assertThat(births.stream().map(birth -> payload(birth).seq())).containsExactly(0, 1);
    assertThat(metric(births.get(0), "bdSeq").value()).isEqualTo(new Value.Int(0));
    assertThat(metric(births.get(0), "Node Control/Rebirth").value())
        .isEqualTo(new Value.Bool(false));
    Metric temperature = metric(births.get(1), "temperature");
    assertThat(temperature.type()).isEqualTo(DataType.FLOAT);
    assertThat(temperature.alias()).isPositive();
    assertThat(temperature.value()).isEqualTo(new Value.Float32(20.5f));
    assertThat(temperature.timestamp()).isEqualTo(T0.toEpochMilli());
    assertThat(temperature.properties())
        .containsExactly(
            new Property("Quality", 192),
            new Property("engUnit", "C"),
            new Property("readOnly", false));
    assertThat(node.ready()).isTrue();
  }

  // 5.4: commands are subscribed before the birth.
  @Test
  void nothingIsSaidBeforeCommandsAreSubscribed() {
    node.will();
    node.begin();
    assertThat(due()).isEmpty();
    assertThat(node.ready()).isFalse();
    node.subscribed(true);
    assertThat(due()).hasSize(2);
  }

  // 6.4.7, 6.4.19: the will of a connection is that of its birth; each CONNECT has another.
  @Test
  void deathCarriesTheNumberOfItsBirthAndIsCountedOverRestarts() throws Exception {
    for (int connection = 0; connection < 3; connection++) {
      Presence.Message will = connect();
      assertThat(will.topic()).isEqualTo("spBv1.0/plant/NDEATH/gw");
      assertThat(will.qos()).isEqualTo(1);
      assertThat(will.retained()).isFalse();
      Payload death = Payload.read(will.payload());
      assertThat(death.seq()).isEqualTo(Payload.NO_SEQ);
      assertThat(death.metrics().get(0).value()).isEqualTo(new Value.Int(connection));
      assertThat(metric(due().get(0), "bdSeq").value()).isEqualTo(new Value.Int(connection));
      node.end();
    }
    Files.writeString(folder.resolve("bdseq"), "255");
    node("");
    connect();
    assertThat(metric(due().get(0), "bdSeq").value()).isEqualTo(new Value.Int(0));
  }

  @Test
  void goodByeIsTheDeathOfThisBirthAndNothingWithoutOne() {
    connect();
    assertThat(node.offline()).isEmpty();
    due();
    Presence.Message death = node.offline().get(0);
    assertThat(death.topic()).isEqualTo("spBv1.0/plant/NDEATH/gw");
    assertThat(Payload.read(death.payload()).metrics().get(0).value()).isEqualTo(new Value.Int(0));
  }

  // 6.4.21: by alias, without name and type; the sequence goes on and wraps at 255.
  @Test
  void dataGoesByAliasAndTheSequenceWraps() {
    connect();
    long alias = metric(due().get(1), "temperature").alias();
    List<Integer> seqs = new ArrayList<>();
    for (int i = 1; i <= 256; i++) {
      List<TelemetryMessage> sent = send("boiler", T0.plusSeconds(i), new Value.Float32(i));
      assertThat(topics(sent)).containsExactly(DATA + "boiler");
      Metric data = payload(sent.get(0)).metrics().get(0);
      assertThat(data.alias()).isEqualTo(alias);
      assertThat(data.name()).isEmpty();
      assertThat(data.type()).isEqualTo(DataType.UNKNOWN);
      assertThat(data.historical()).isFalse();
      assertThat(data.properties()).containsExactly(new Property("Quality", 192));
      seqs.add(payload(sent.get(0)).seq());
    }
    assertThat(seqs.subList(0, 2)).containsExactly(2, 3);
    assertThat(seqs.subList(253, 256)).containsExactly(255, 0, 1);
  }

  // 6.4.6: is_historical is for what is not the present value.
  @Test
  void whatHasWaitedOrIsOlderThanTheBirthIsHistorical() {
    connect();
    plant.read("boiler", T0.plusSeconds(50), Map.of("temperature", new Value.Float32(1)));
    due();
    assertThat(historical(send("boiler", T0.plusSeconds(49), new Value.Float32(2)))).isTrue();
    assertThat(historical(send("boiler", T0.plusSeconds(51), new Value.Float32(2)))).isFalse();
    SampleBatch waited =
        plant.read("boiler", T0.plusSeconds(52), Map.of("temperature", new Value.Float32(3)));
    assertThat(historical(send(waited, true))).isTrue();
  }

  private static boolean historical(List<TelemetryMessage> sent) {
    return payload(sent.get(0)).metrics().get(0).historical();
  }

  @Test
  void deviceIsBornWhenItComesAndDiesWhenItGoes() {
    plant.device("pump", State.STARTING).point("pump", "temperature", "int16", "");
    connect();
    assertThat(topics(due())).noneMatch(topic -> topic.contains("pump"));
    plant.device("pump", State.ONLINE);
    assertThat(due()).isEmpty();
    later(Duration.ofSeconds(1));
    assertThat(topics(due())).containsExactly("spBv1.0/plant/DBIRTH/gw/pump");
    plant.device("pump", State.OFFLINE);
    later(Duration.ofSeconds(1));
    List<TelemetryMessage> death = due();
    assertThat(topics(death)).containsExactly("spBv1.0/plant/DDEATH/gw/pump");
    assertThat(payload(death.get(0)).seq()).isEqualTo(3);
    assertThat(payload(death.get(0)).metrics()).isEmpty();
    later(Duration.ofSeconds(1));
    assertThat(due()).isEmpty();
    plant.device("pump", State.ONLINE);
    later(Duration.ofSeconds(1));
    assertThat(topics(due())).containsExactly("spBv1.0/plant/DBIRTH/gw/pump");
    plant.remove("pump");
    later(Duration.ofSeconds(1));
    assertThat(topics(due())).containsExactly("spBv1.0/plant/DDEATH/gw/pump");
  }

  @Test
  void deadDeviceSaysNothingMoreThanItsDeathButOldValuesAreTold() {
    connect();
    due();
    plant.device("boiler", State.OFFLINE);
    later(Duration.ofSeconds(1));
    assertThat(due()).hasSize(1);
    SampleBatch bad =
        plant.read("boiler", T0.plusSeconds(3), List.of(Sample.bad("temperature", "gone", T0)));
    assertThat(send(bad, false)).isEmpty();
    SampleBatch old = plant.read("boiler", T0, Map.of("temperature", new Value.Float32(7)));
    assertThat(topics(send(old, true)))
        .containsExactly("spBv1.0/plant/DBIRTH/gw/boiler", DATA + "boiler");
    later(Duration.ofSeconds(2));
    assertThat(due()).isEmpty();
    later(Duration.ofSeconds(5));
    assertThat(topics(due())).containsExactly("spBv1.0/plant/DDEATH/gw/boiler");
  }

  // 5.10: a command to the node.
  @Test
  void rebirthSaysEverythingAgainUnderTheSameDeath() {
    connect();
    due();
    send("boiler", T0.plusSeconds(1), new Value.Float32(1));
    node.rebirth();
    assertThat(node.ready()).isFalse();
    // Not more than one a second, however often it is asked for.
    assertThat(due()).isEmpty();
    later(Duration.ofSeconds(1));
    List<TelemetryMessage> births = due();
    assertThat(topics(births))
        .containsExactly("spBv1.0/plant/NBIRTH/gw", "spBv1.0/plant/DBIRTH/gw/boiler");
    assertThat(births.stream().map(birth -> payload(birth).seq())).containsExactly(0, 1);
    assertThat(metric(births.get(0), "bdSeq").value()).isEqualTo(new Value.Int(0));
    assertThat(metric(births.get(1), "temperature").value()).isEqualTo(new Value.Float32(1));
    assertThat(node.ready()).isTrue();
    assertThat(due()).isEmpty();
  }

  @Test
  void metricThatTheHostDoesNotKnowIsPrecededByABirthOfItsDevice() {
    connect();
    due();
    plant.point("boiler", "pressure", "float64", "bar");
    Map<String, Value> both = new LinkedHashMap<>();
    both.put("temperature", new Value.Float32(1));
    both.put("pressure", new Value.Float64(2));
    List<TelemetryMessage> sent = send(plant.read("boiler", T0.plusSeconds(1), both), false);
    assertThat(topics(sent)).containsExactly("spBv1.0/plant/DBIRTH/gw/boiler", DATA + "boiler");
    assertThat(payload(sent.get(1)).metrics().stream().map(Metric::alias))
        .containsExactly(
            metric(sent.get(0), "temperature").alias(), metric(sent.get(0), "pressure").alias());
  }

  // 6.4.16: a metric keeps the type of its birth. A type that changes settles at the wider one.
  @Test
  void typeThatChangesIsToldOnceAndWiderValuesFitEver() {
    connect();
    due();
    assertThat(topics(send("boiler", T0.plusSeconds(1), new Value.Int(5)))).hasSize(2);
    List<TelemetryMessage> back = send("boiler", T0.plusSeconds(2), new Value.Float32(0.5f));
    assertThat(topics(back)).containsExactly(DATA + "boiler");
    assertThat(payload(back.get(0)).metrics().get(0).value()).isEqualTo(new Value.Float64(0.5));
    assertThat(topics(send("boiler", T0.plusSeconds(3), new Value.Int(6)))).hasSize(1);
  }

  @Test
  void pointWithoutAValueIsBornAsNullWithATypeAndStale() {
    plant.point("boiler", "level", "int16", "");
    connect();
    Metric level = metric(due().get(1), "level");
    assertThat(level.value()).isNull();
    assertThat(level.type()).isEqualTo(DataType.INT64);
    assertThat(level.properties()).contains(new Property("Quality", 500));
  }

  @Test
  void badAndUncertainAreNotGoodQuality() {
    connect();
    due();
    SampleBatch batch =
        plant.read(
            "boiler",
            T0.plusSeconds(1),
            List.of(
                new Sample(
                    "temperature",
                    new Value.Float32(900),
                    Quality.UNCERTAIN,
                    "above its range",
                    T0.plusSeconds(1))));
    assertThat(payload(send(batch, false).get(0)).metrics().get(0).properties())
        .containsExactly(new Property("Quality", 500), new Property("reason", "above its range"));
    SampleBatch bad =
        plant.read(
            "boiler", T0.plusSeconds(2), List.of(Sample.bad("temperature", "no answer", T0)));
    Metric nothing = payload(send(bad, false).get(0)).metrics().get(0);
    assertThat(nothing.value()).isNull();
    assertThat(nothing.properties()).contains(new Property("Quality", 0));
  }

  // 5.4, 5.7.3: with a primary host nothing is born before it is online.
  @Test
  void primaryHostIsWaitedForAndPeopleAreTold() {
    node("scada");
    connect();
    assertThat(due()).isEmpty();
    assertThat(node.ready()).isFalse();
    later(Duration.ofSeconds(3));
    assertThat(due()).isEmpty();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("primary host 'scada'", "spBv1.0/STATE/scada");
    state("{\"online\":true,\"timestamp\":1000}");
    assertThat(due()).hasSize(2);
    assertThat(node.ready()).isTrue();
    assertThat(problems).containsExactly(problems.get(0), "");
    state("{\"online\":false,\"timestamp\":999}");
    assertThat(node.ready()).isTrue();
    state("{\"online\":false,\"timestamp\":1000}");
    assertThat(node.ready()).isFalse();
    assertThat(gone).isEqualTo(1);
  }

  @Test
  void stateThatIsNoneIsIgnored() {
    node("scada");
    connect();
    for (String wrong :
        List.of(
            "", "ONLINE", "{}", "[1]", "{\"online\":true}", "{\"online\":1,\"timestamp\":\"x\"}")) {
      state(wrong);
      assertThat(host.online()).as(wrong).isFalse();
    }
  }

  private void state(String json) {
    host.message(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void entryOfAnotherEncodingIsRefusedAndNotSent() {
    connect();
    due();
    byte[] json = "{\"device\":\"boiler\"}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> node.send(DATA + "boiler", json, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> node.send("snaprail/gw/boiler", new byte[0], false))
        .hasMessageContaining("expected the topic spBv1.0/plant/DDATA/gw/DEVICE");
  }

  @Test
  void aliasesOfARemovedDeviceAreForgotten() {
    connect();
    long alias = metric(due().get(1), "temperature").alias();
    assertThat(aliases.owner(alias)).isEqualTo(new Aliases.Owner("boiler", "temperature"));
    plant.remove("boiler");
    later(Duration.ofSeconds(1));
    assertThat(due()).hasSize(1);
    later(Duration.ofSeconds(1));
    due();
    assertThat(aliases.owner(alias)).isNull();
  }
}
