package io.snaprail.driver.modbus.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import java.util.HexFormat;

/** Registers as they come over the line, in hexadecimal, and what a type makes of them. */
final class OnTheLine {
  private OnTheLine() {}

  static Value decoded(String type, String order, String line) {
    RecordingSink sink = new RecordingSink();
    Codecs.of(type, order).decode(words(line), 0, 0, sink);
    return sink.value(0);
  }

  static String reason(String type, String order, String line) {
    RecordingSink sink = new RecordingSink();
    Codecs.of(type, order).decode(words(line), 0, 0, sink);
    assertThat(sink.value(0)).isNull();
    return sink.reason(0);
  }

  static int[] words(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int[] words = new int[bytes.length / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return words;
  }
}
