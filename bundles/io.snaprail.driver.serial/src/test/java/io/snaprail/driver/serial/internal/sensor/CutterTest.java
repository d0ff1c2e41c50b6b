package io.snaprail.driver.serial.internal.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.FormView;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutterTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<Cutter.Piece> pieces = new ArrayList<>();

  private Cutter cutter(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("port", "/dev/null");
    return Cutter.of(
        FormView.of(LineConfig.class, all), FormView.of(SensorConfig.class, all), pieces::add);
  }

  private static String text(Cutter.Piece piece) {
    return new String(piece.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Map<String, Object> nmea() {
    return Map.of(
        "frame.start",
        "$",
        "checksum",
        "xor",
        "checksum.from",
        1,
        "checksum.to",
        -5,
        "checksum.at",
        -4,
        "checksum.form",
        "hex",
        "frame.end",
        "\\r\\n");
  }

  @Test
  void framesAndWhatIsInNoneComeInTheirOrder() {
    Cutter cutter = cutter(nmea());
    cutter.restart(false, 0);
    byte[] came = bytes("noise$GPX,1*52\r\n$GPX,2*52\r\n$GPX,3*50\r\n$GPX,4");
    cutter.bytes(came, 0, came.length, 0);
    cutter.silence(10 * SECOND);

    assertThat(pieces)
        .extracting(CutterTest::text)
        .containsExactly("noise", "$GPX,1*52\r\n", "$GPX,2*52\r\n", "$GPX,3*50\r\n", "$GPX,4");
    assertThat(pieces)
        .extracting(Cutter.Piece::verdict)
        .containsExactly(
            "in no frame",
            "11 bytes, xor '52' is right",
            "checksum '52', expected '51'",
            "11 bytes, xor '50' is right",
            "incomplete: 6 bytes, and then nothing");
    assertThat(cutter.held()).isZero();
  }

  /** Whatever comes, in whatever portions: nothing is lost, and nothing is shown twice. */
  @ParameterizedTest
  @ValueSource(strings = {"delimiter", "start-end", "fixed", "length", "silence", "pattern"})
  void noByteIsLostOrDoubled(String frame) {
    Random random = new Random(frame.hashCode());
    for (int round = 0; round < 200; round++) {
      pieces.clear();
      Cutter cutter =
          cutter(
              Map.of(
                  "frame",
                  frame,
                  "frame.start",
                  frame.equals("start-end") ? "a" : "",
                  "frame.end",
                  frame.equals("fixed") || frame.equals("length") ? "" : "z",
                  "frame.escape",
                  frame.equals("start-end") ? "e" : "",
                  "frame.length",
                  5,
                  "frame.pattern",
                  "a[b-y]*z",
                  "frame.max",
                  32,
                  "checksum",
                  round % 2 == 0 ? "none" : "xor"));
      cutter.restart(round % 3 == 0, 0);
      ByteArrayOutputStream came = new ByteArrayOutputStream();
      long now = 0;
      for (int portion = 0; portion < 40; portion++) {
        byte[] some = new byte[random.nextInt(60)];
        for (int i = 0; i < some.length; i++) {
          some[i] = (byte) "abcdez\u0003\u0004".charAt(random.nextInt(8));
        }
        came.writeBytes(some);
        cutter.bytes(some, 0, some.length, now);
        now += random.nextInt(4) == 0 ? SECOND : 1_000;
      }
      cutter.silence(now + 10 * SECOND);
      cutter.restart(true, now);

      ByteArrayOutputStream shown = new ByteArrayOutputStream();
      pieces.forEach(piece -> shown.writeBytes(piece.bytes()));
      assertThat(shown.toByteArray()).isEqualTo(came.toByteArray());
    }
  }

  /** ESC in a frame is taken out of it, but was on the line. */
  @Test
  void anEscapedFrameIsShownAsItCame() {
    Cutter cutter =
        cutter(
            Map.of(
                "frame",
                "start-end",
                "frame.start",
                "<STX>",
                "frame.end",
                "<ETX>",
                "frame.escape",
                "\\x10"));
    byte[] came = bytes("..\u0002a\u0010\u0003b\u0003..");
    cutter.bytes(came, 0, came.length, 0);

    assertThat(pieces).extracting(CutterTest::text).contains("..", "\u0002a\u0010\u0003b\u0003");
    assertThat(pieces.get(1).frame()).isNotNull();
    assertThat(pieces.get(1).frame().text()).isEqualTo("a\u0003b");
  }

  @Test
  void framesOfOthersAreToldApart() {
    Cutter cutter = cutter(Map.of("frame.if", "^${unit},", "unit", "7"));
    cutter.restart(true, 0);
    byte[] came = bytes("6,1\r\n7,2\r\n");
    cutter.bytes(came, 0, came.length, 0);

    assertThat(pieces).extracting(Cutter.Piece::mine).containsExactly(false, true);
    assertThat(pieces.get(0).verdict()).endsWith("not of this device (frame.if)");
  }
}
