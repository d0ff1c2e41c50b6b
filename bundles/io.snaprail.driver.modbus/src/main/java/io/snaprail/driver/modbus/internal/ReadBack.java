package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Sink;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Takes one value that was read back, to tell it to people. Used by one thread. */
final class ReadBack implements Sink {
  private String text = "nothing";

  /** The value, or why there is none. */
  String text() {
    return text;
  }

  /** Registers as they stand on the line. */
  static String hex(int[] words) {
    return Arrays.stream(words)
        .mapToObj(word -> "%04X".formatted(word))
        .collect(Collectors.joining(" ", "0x", ""));
  }

  @Override
  public void bool(int index, boolean raw) {
    text = Boolean.toString(raw);
  }

  @Override
  public void integer(int index, long raw) {
    text = Long.toString(raw);
  }

  @Override
  public void float32(int index, float raw) {
    text = Float.toString(raw);
  }

  @Override
  public void float64(int index, double raw) {
    text = Double.toString(raw);
  }

  @Override
  public void text(int index, String raw) {
    text = "'" + raw + "'";
  }

  @Override
  public void bad(int index, String reason) {
    text = "no value, as " + reason;
  }

  @Override
  public void sourceTime(int index, Instant time) {
    // What was written is compared, and not when.
  }
}
