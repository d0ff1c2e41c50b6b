package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Keeps raw values as texts. Used by one thread at a time. */
final class TextSink implements Sink {
  private final String[] texts;

  /** What whole numbers were, for showing them in hexadecimal. */
  private final long[] wholes;

  TextSink(int points) {
    texts = new String[points];
    Arrays.fill(texts, "no value");
    wholes = new long[points];
    Arrays.fill(wholes, -1);
  }

  String text(int index) {
    return texts[index];
  }

  /** Registers one after the other, in hexadecimal; empty when one of them is missing. */
  String joined(int from, int to) {
    long[] own = Arrays.copyOfRange(wholes, from, to);
    return Arrays.stream(own).anyMatch(word -> word < 0)
        ? ""
        : Arrays.stream(own)
            .mapToObj(word -> String.format("%04X", word))
            .collect(Collectors.joining(" "));
  }

  @Override
  public void bool(int index, boolean raw) {
    texts[index] = Boolean.toString(raw);
  }

  @Override
  public void integer(int index, long raw) {
    texts[index] = Long.toString(raw);
    wholes[index] = raw;
  }

  @Override
  public void float32(int index, float raw) {
    texts[index] = new Value.Float32(raw).text();
  }

  @Override
  public void float64(int index, double raw) {
    texts[index] = new Value.Float64(raw).text();
  }

  @Override
  public void text(int index, String raw) {
    texts[index] = "'" + raw + "'";
  }

  @Override
  public void bad(int index, String reason) {
    texts[index] = "no value: " + reason;
    wholes[index] = -1;
  }

  @Override
  public void sourceTime(int index, Instant time) {
    // Registers have none.
  }
}
