package io.snaprail.sparkplug.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.SparkplugBPayloadEncoder;
import org.eclipse.tahu.message.model.Metric.MetricBuilder;
import org.eclipse.tahu.message.model.MetricDataType;
import org.eclipse.tahu.message.model.SparkplugBPayload;
import org.eclipse.tahu.model.MetricDataTypeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Eclipse Tahu's encoder and decoder, in both directions. */
@SuppressWarnings("JavaUtilDate") // Tahu's API
class PayloadTest {
  private static final long TIME = 1_700_000_000_123L;

  private static SparkplugBPayload tahu(Payload payload) throws Exception {
    return new SparkplugBPayloadDecoder()
        .buildFromByteArray(payload.toBytes(), new MetricDataTypeMap());
  }

  private static Metric metric(String name, Value value) {
    return new Metric(
        name,
        7,
        TIME,
        DataType.of(value),
        false,
        value,
        List.of(
            new Property("Quality", 192),
            new Property("engUnit", "\u00b0C"),
            new Property("readOnly", true)));
  }

  @Test
  void tahuReadsWhatWeWrite() throws Exception {
    Payload payload =
        new Payload(
            TIME,
            255,
            List.of(
                metric("i", new Value.Int(Long.MIN_VALUE)),
                metric("f", new Value.Float32(0.1f)),
                metric("d", new Value.Float64(-1e300)),
                metric("b", new Value.Bool(true)),
                metric("t", new Value.Text("\u00e4\ud83d\ude00"))));
    SparkplugBPayload read = tahu(payload);
    assertThat(read.getTimestamp()).isEqualTo(new Date(TIME));
    assertThat(read.getSeq()).isEqualTo(255);
    assertThat(read.getMetrics())
        .extracting(org.eclipse.tahu.message.model.Metric::getValue)
        .containsExactly(Long.MIN_VALUE, 0.1f, -1e300, true, "\u00e4\ud83d\ude00");
    org.eclipse.tahu.message.model.Metric first = read.getMetrics().get(0);
    assertThat(first.getName()).isEqualTo("i");
    assertThat(first.getAlias()).isEqualTo(7);
    assertThat(first.getTimestamp()).isEqualTo(new Date(TIME));
    assertThat(first.getDataType()).isEqualTo(MetricDataType.Int64);
    assertThat(first.getProperties().getPropertyValue("Quality").getValue()).isEqualTo(192);
    assertThat(first.getProperties().getPropertyValue("engUnit").getValue()).isEqualTo("\u00b0C");
    assertThat(first.getProperties().getPropertyValue("readOnly").getValue()).isEqualTo(true);
  }

  @Test
  void nullAndHistoricalAreMarked() throws Exception {
    Metric nothing = new Metric("n", 1, TIME, DataType.DOUBLE, true, null, List.of());
    org.eclipse.tahu.message.model.Metric read =
        tahu(new Payload(TIME, 0, List.of(nothing))).getMetrics().get(0);
    assertThat(read.getIsNull()).isTrue();
    assertThat(read.getIsHistorical()).isTrue();
  }

  @Test
  void whatWeWriteIsReadBackWhole() {
    Payload payload =
        new Payload(
            TIME, 3, List.of(metric("x", new Value.Float64(2.5)), metric("y", new Value.Int(-1))));
    assertThat(Payload.read(payload.toBytes())).isEqualTo(payload);
  }

  // Specification 3.0.0, 6.4.17: which field holds which type, and whose the sign is.
  @Test
  void weReadWhatTahuWrites() throws Exception {
    SparkplugBPayload payload = new SparkplugBPayload(new Date(TIME), new ArrayList<>(), null);
    payload.addMetric(new MetricBuilder("a", MetricDataType.Int8, (byte) -5).createMetric());
    payload.addMetric(new MetricBuilder("b", MetricDataType.Int16, (short) -300).createMetric());
    payload.addMetric(new MetricBuilder("c", MetricDataType.Int32, -70_000).createMetric());
    payload.addMetric(new MetricBuilder("d", MetricDataType.Int64, -1L).createMetric());
    payload.addMetric(new MetricBuilder("e", MetricDataType.UInt32, 4_000_000_000L).createMetric());
    payload.addMetric(new MetricBuilder("f", MetricDataType.Float, 1.5f).createMetric());
    payload.addMetric(new MetricBuilder("g", MetricDataType.Double, 2.5).createMetric());
    payload.addMetric(new MetricBuilder("h", MetricDataType.Boolean, true).createMetric());
    payload.addMetric(new MetricBuilder("i", MetricDataType.String, "x").createMetric());
    payload.addMetric(new MetricBuilder(9L, MetricDataType.Int64, 4L).createMetric());
    List<Metric> read =
        Payload.read(new SparkplugBPayloadEncoder().getBytes(payload, false)).metrics();
    assertThat(read.stream().map(Metric::value))
        .containsExactly(
            new Value.Int(-5),
            new Value.Int(-300),
            new Value.Int(-70_000),
            new Value.Int(-1),
            new Value.Int(4_000_000_000L),
            new Value.Float32(1.5f),
            new Value.Float64(2.5),
            new Value.Bool(true),
            new Value.Text("x"),
            new Value.Int(4));
    assertThat(read.get(9).alias()).isEqualTo(9);
    assertThat(read.get(9).name()).isEmpty();
  }

  @Test
  void numberAboveOursIsRefusedAndNotWrapped() {
    // Metric 2: datatype UInt64 (8), long_value 2^64-1.
    byte[] bytes = {0x12, 13, 0x20, 8, 0x58, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertThatThrownBy(() -> Payload.read(bytes))
        .hasMessageContaining("expected at most 2^63-1, found 18446744073709551615");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7b22",
        "12ff",
        "12ffffffff0f",
        "08",
        "08ffffffffffffffffffffff",
        "00",
        "0b",
        "1203500a",
        "120c6500",
        "ffffffffffffffffff01"
      })
  void nonsenseIsAnErrorWithAPlace(String hex) {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }
    assertThatThrownBy(() -> Payload.read(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("payload");
  }

  @Test
  void everyCutIsAnErrorOrAShorterPayload() {
    byte[] whole = new Payload(TIME, 3, List.of(metric("x", new Value.Float64(2.5)))).toBytes();
    for (int i = 0; i < whole.length; i++) {
      byte[] cut = Arrays.copyOf(whole, i);
      try {
        assertThat(Payload.read(cut).metrics().size()).isLessThanOrEqualTo(1);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).startsWith("payload");
      }
    }
  }
}
