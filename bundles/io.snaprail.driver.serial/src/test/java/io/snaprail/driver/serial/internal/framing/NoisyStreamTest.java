package io.snaprail.driver.serial.internal.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.serial.internal.checksum.Algorithm;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.checksum.Checksum.Form;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams without pauses in which bits turn over, and bytes are lost and doubled. */
class NoisyStreamTest {
  private static final byte[] NONE = {};
  private static final int FRAMES = 5_000;
  private static final double EACH = 0.001;

  /** A form of frames: how they are made of a number, and how they are found. */
  private record Case(String name, FrameShape shape, Checksum checksum, Maker maker) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Maker {
    byte[] frame(int number);
  }

  private static byte[] digits(int number) {
    return "%08d,+%06.2f"
        .formatted(number, number % 1000 / 7.0)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] checked(Checksum checksum, byte[] before, byte[] behind) {
    byte[] whole = join(before, new byte[checksum.width()], behind);
    return checksum.into(whole, before.length);
  }

  static Stream<Case> forms() {
    Checksum line = new Checksum(Algorithm.CRC16_CCITT, 0, 0, -6, Form.HEX);
    Checksum fixed = new Checksum(Algorithm.CRC16_MODBUS, 0, 0, -2, Form.LITTLE);
    Checksum sized = new Checksum(Algorithm.CRC32, 0, 0, -4, Form.BIG);
    Checksum marked = new Checksum(Algorithm.CRC16_X25, 1, 0, -3, Form.LITTLE);
    Escape hdlc = new Escape(0x7d, 0x20, Map.of());
    return Stream.of(
        new Case(
            "lines",
            new DelimitedShape(
                NONE, List.of("\r\n".getBytes(StandardCharsets.US_ASCII)), Escape.NO),
            line,
            n -> checked(line, digits(n), "\r\n".getBytes(StandardCharsets.US_ASCII))),
        new Case(
            "fixed length without mark",
            new SizedShape(NONE, NONE, SizedShape.fixed(18)),
            fixed,
            n -> checked(fixed, digits(n), NONE)),
        new Case(
            "length field",
            new SizedShape(new byte[] {'#'}, NONE, new SizedShape.Field(1, 1, false, 0, 6, 64)),
            sized,
            n -> checked(sized, join(new byte[] {'#', 16}, digits(n)), NONE)),
        new Case(
            "flags",
            new MarkedShape(new byte[] {'~'}, new byte[] {'~'}, hdlc, 0),
            marked,
            n -> {
              byte[] plain = checked(marked, join(new byte[] {'~'}, digits(n)), new byte[] {'~'});
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              out.write('~');
              for (int i = 1; i < plain.length - 1; i++) {
                boolean escaped = plain[i] == 0x7d || plain[i] == 0x7e;
                out.writeBytes(
                    escaped ? new byte[] {0x7d, (byte) (plain[i] ^ 0x20)} : new byte[] {plain[i]});
              }
              out.write('~');
              return out.toByteArray();
            }));
  }

  private static byte[] damaged(byte[] frame, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte b : frame) {
      int value = random.nextDouble() < EACH ? b ^ 1 << random.nextInt(8) : b;
      int copies = random.nextDouble() < EACH ? 0 : random.nextDouble() < EACH ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        out.write(value);
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void nothingWrongIsTakenAndEachLossCostsTwoFramesAtMost(Case form) {
    Random random = new Random(4);
    List<Integer> untouched = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    // Who begins to listen may be in the middle of a frame.
    int lastDamage = 0;
    for (int n = 0; n < FRAMES; n++) {
      byte[] frame = form.maker().frame(n);
      byte[] sent = damaged(frame, random);
      line.writeBytes(sent);
      if (!Arrays.equals(frame, sent)) {
        lastDamage = n;
      } else if (n - lastDamage > 2) {
        untouched.add(n);
      }
    }
    List<Integer> heard = heard(form, line.toByteArray(), random);

    assertThat(heard).as("resynchronised within two frames").containsAll(untouched);
    assertThat(untouched).hasSizeBetween(FRAMES / 2, FRAMES - 100);
  }

  private static List<Integer> heard(Case form, byte[] line, Random random) {
    List<Integer> heard = new ArrayList<>();
    FrameScanner.Receiver receiver =
        new FrameScanner.Receiver() {
          @Override
          public void frame(Frame frame) {
            String text = frame.text();
            int at = text.indexOf(',') - 8;
            int number = Integer.parseInt(text.substring(at, at + 8));
            assertThat(text)
                .as("no wrong value")
                .contains(new String(digits(number), StandardCharsets.US_ASCII));
            heard.add(number);
          }

          @Override
          public void bad(String why) {
            assertThat(why).isNotBlank();
          }

          @Override
          public void skipped(int bytes) {
            assertThat(bytes).isPositive();
          }
        };
    FrameScanner scanner =
        new FrameScanner(
            form.shape(),
            form.checksum(),
            new FrameScanner.Limits(
                64, Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1)),
            receiver);
    long now = 0;
    scanner.restart(false, now);
    for (int at = 0; at < line.length; ) {
      int count = Math.min(line.length - at, 1 + random.nextInt(40));
      scanner.bytes(line, at, count, now += 1_000_000);
      at += count;
    }
    scanner.silence(now + 1_000_000_000);
    return heard;
  }
}
