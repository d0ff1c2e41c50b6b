package io.snaprail.driver.iec62056;

import io.snaprail.api.serial.LineSettings;
import io.snaprail.testkit.serial.ScriptedPort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A meter as clause 6.4 describes it; the readout of its manual. */
final class TestMeter {
  final List<String> heard = new ArrayList<>();
  final ScriptedPort port = new ScriptedPort(this::answer);
  String identification = "/EMH5\\@D4EM4TIIW001--\r\n";
  String block = Readouts.em4tii();
  boolean parity;
  int damage;

  private byte[] answer(byte[] request, LineSettings line) {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    if (parity) {
      StringBuilder plain = new StringBuilder();
      text.chars().forEach(c -> plain.append((char) (c & 0x7f)));
      text = plain.toString();
    }
    heard.add(line + " " + text);
    if (text.startsWith("/?")) {
      boolean goesOn = "ABCDEF9".indexOf(identification.charAt(4)) >= 0;
      return bytes(identification + (goesOn ? block : ""));
    }
    String data = block;
    if (damage > 0) {
      damage--;
      data = data.replace("Point", "Joint");
    }
    return text.charAt(0) == 6 ? bytes(data) : new byte[0];
  }

  private byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; parity && i < bytes.length; i++) {
      bytes[i] |= (byte) (Integer.bitCount(bytes[i]) % 2 << 7);
    }
    return bytes;
  }
}
