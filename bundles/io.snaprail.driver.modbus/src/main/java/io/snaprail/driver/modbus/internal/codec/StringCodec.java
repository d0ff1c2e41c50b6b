package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A text in UTF-8, of which ASCII is a part, two bytes a register, the first in the high one unless
 * the order is {@code BA}. It ends at the first NUL or where the room ends, and spaces behind it
 * are not part of it. Bytes that are no UTF-8 are delivered as bad.
 *
 * <p>Writing fills the rest of the registers with NUL; with an odd number of bytes, so the low byte
 * of the last register.
 *
 * @param bytes room for the text, 1..250
 */
record StringCodec(String type, int bytes, RegisterOrder order) implements RegisterCodec {
  @Override
  public int width() {
    return (bytes + 1) / 2;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    byte[] text = new byte[bytes];
    int length = 0;
    while (length < bytes) {
      long word = order.join(words, offset + length / 2, 1);
      byte next = (byte) (length % 2 == 0 ? word >> 8 : word);
      if (next == 0) {
        break;
      }
      text[length++] = next;
    }
    while (length > 0 && text[length - 1] == ' ') {
      length--;
    }
    deliver(Arrays.copyOf(text, length), index, sink);
  }

  private static void deliver(byte[] text, int index, Sink sink) {
    try {
      // A fresh decoder, unlike new String(), reports what it cannot read.
      sink.text(
          index, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
    } catch (CharacterCodingException e) {
      String hex = HexFormat.ofDelimiter(" ").formatHex(text);
      sink.bad(index, "the device gave the bytes " + hex + ", which are no text in UTF-8");
    }
  }

  @Override
  public int[] encode(Value value) {
    if (!(value instanceof Value.Text)) {
      throw new IllegalArgumentException(type + " takes a text, found " + value.text());
    }
    byte[] text = value.text().getBytes(StandardCharsets.UTF_8);
    if (text.length > bytes) {
      throw new IllegalArgumentException(
          type + " takes a text of at most " + bytes + " bytes, found " + text.length);
    }
    if (value.text().indexOf(0) >= 0) {
      throw new IllegalArgumentException(type + " takes a text without NUL, found one with");
    }
    byte[] padded = Arrays.copyOf(text, 2 * width());
    int[] words = new int[width()];
    for (int i = 0; i < words.length; i++) {
      int word = (padded[2 * i] & 0xff) << 8 | (padded[2 * i + 1] & 0xff);
      words[i] = order.split(word, 1)[0];
    }
    return words;
  }
}
