package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.model.Value;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialPortInfo;
import io.snaprail.api.serial.SerialPorts;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.driver.serial.internal.checksum.Algorithm;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.checksum.Computation;
import io.snaprail.driver.serial.internal.command.Template;
import io.snaprail.driver.serial.internal.extract.PointAddress;
import io.snaprail.driver.serial.internal.extract.PointReader;
import io.snaprail.driver.serial.internal.extract.Syntax;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.framing.FrameScanner;
import io.snaprail.driver.serial.internal.framing.FrameShape;
import io.snaprail.driver.serial.internal.framing.Framing;
import io.snaprail.driver.serial.internal.framing.Patterns;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.Sensor;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import io.snaprail.testkit.RecordingSink;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/**
 * Serial sensors with any settings on a line on which anything comes: what is wrong is told in
 * words, and nothing else happens. Inputs are as {@link SensorText} reads them.
 */
@Timeout(30)
class SensorFuzzTest {
  private static final Duration SILENCE = Duration.ofMillis(50);

  /** Behind the settings: how many bytes come together, how long a pause is in 10 ms; bytes. */
  @FuzzTest
  void frames(byte[] input) {
    SensorText text = new SensorText(input);
    byte[] rest = text.rest();
    if (rest.length < 2) {
      return;
    }
    FrameShape shape;
    Checksum checksum;
    try {
      shape = shape(text.sensor());
      checksum = checksum(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    int longest = text.sensor().frame_max();
    if (longest > 1024) {
      return;
    }
    Heard heard = new Heard(checksum, longest);
    FrameScanner scanner =
        new FrameScanner(
            shape,
            checksum,
            new FrameScanner.Limits(
                longest, SILENCE, SILENCE.multipliedBy(5), SILENCE.multipliedBy(20)),
            heard);
    try {
      run(scanner, rest);
    } catch (BoundedText.RunawayPatternException e) {
      assertThat(e.getMessage()).startsWith("frame.pattern: ");
      return;
    }
    assertThat(heard.skipped).isLessThanOrEqualTo(rest.length - 2);
    assertThat(heard.bad).isLessThanOrEqualTo(2 * rest.length);
  }

  private static void run(FrameScanner scanner, byte[] rest) {
    int together = 1 + (rest[0] & 0x3f);
    long pause = Duration.ofMillis(10L * (rest[1] & 0x3f)).toNanos();
    long now = 0;
    scanner.restart((rest[0] & 0x40) != 0, now);
    for (int at = 2; at < rest.length; at += together) {
      now += pause;
      if ((rest[1] & 0x40) != 0) {
        scanner.silence(now);
      }
      if ((rest[1] & 0x80) != 0) {
        scanner.deaf(pause / 2);
      }
      scanner.bytes(rest, at, Math.min(together, rest.length - at), now);
      assertThat(scanner.wakeInNanos(now)).isNotNegative();
    }
    scanner.silence(now + SILENCE.toNanos());
    scanner.silence(now + 10 * SILENCE.toNanos());
    assertThat(scanner.wakeInNanos(now + 10 * SILENCE.toNanos()))
        .as("nothing is kept for ever")
        .isEqualTo(Long.MAX_VALUE);
  }

  private static FrameShape shape(SensorConfig config) {
    return Framing.shape(
        new Framing.Settings(
            config.frame(),
            config.frame_start(),
            config.frame_end(),
            config.frame_escape(),
            config.frame_escape_xor(),
            config.frame_escape_codes(),
            config.frame_trailer(),
            config.frame_length(),
            new Framing.LengthField(
                config.frame_length_offset(),
                config.frame_length_width(),
                config.frame_length_order().equals("little"),
                config.frame_length_mask(),
                config.frame_length_adjust()),
            config.frame_pattern(),
            config.frame_max()));
  }

  private static @Nullable Checksum checksum(SensorText text) {
    SensorConfig config = text.sensor();
    if (config.checksum().equals("none")) {
      return null;
    }
    Algorithm algorithm = Algorithm.parse(config.checksum());
    return new Checksum(
        Computation.of(algorithm, config.checksum_init(), config.checksum_xor()),
        config.checksum_from(),
        config.checksum_to(),
        config.checksum_at(),
        Checksum.Form.parse("checksum.form", config.checksum_form()));
  }

  /** Counts; a frame that is handed on is one. */
  private static final class Heard implements FrameScanner.Receiver {
    private final @Nullable Checksum checksum;
    private final int longest;
    private int skipped;
    private int bad;

    Heard(@Nullable Checksum checksum, int longest) {
      this.checksum = checksum;
      this.longest = longest;
    }

    @Override
    public void frame(Frame frame) {
      assertThat(frame.bytes().length).isBetween(1, longest);
      assertThat(frame.from()).isLessThan(frame.to());
      if (checksum != null) {
        assertThat(checksum.fault(frame.bytes())).isEmpty();
      }
    }

    @Override
    public void bad(String why) {
      assertThat(why).isNotBlank();
      bad++;
    }

    @Override
    public void skipped(int bytes) {
      assertThat(bytes).isPositive();
      skipped += bytes;
    }
  }

  /** What a checksum puts into a frame it finds there, and nothing else. Behind: the frame. */
  @FuzzTest
  void checksum(byte[] input) {
    SensorText text = new SensorText(input);
    byte[] frame = text.rest();
    Checksum checksum;
    byte[] full;
    try {
      checksum = checksum(text);
      if (checksum == null) {
        return;
      }
      assertThat(checksum.width()).isBetween(1, 10);
      checksum.fault(frame);
      int place = checksum.at() < 0 ? frame.length + checksum.at() : checksum.at();
      if (place < 0 || place + checksum.width() > frame.length) {
        assertThat(checksum.fault(frame)).startsWith("too short");
        return;
      }
      full = checksum.into(frame, place);
      if (covers(checksum, frame.length, place)) {
        return;
      }
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(checksum.fault(full)).isEmpty();
    if (!checksum.form().code().startsWith("hex")) {
      assertThat(checksum.fault(frame).isEmpty())
          .as("only what was put in is right")
          .isEqualTo(Arrays.equals(full, frame));
    }
  }

  /** Whether a checksum is taken over itself. */
  private static boolean covers(Checksum checksum, int length, int place) {
    int from = checksum.from() < 0 ? length + checksum.from() : checksum.from();
    int to = checksum.to() < 0 ? length + checksum.to() : checksum.to();
    return (to == 0 ? place : to) > place && from < place + checksum.width();
  }

  /** Settings address, type, order, separators, assigns, comma, pattern; behind: the content. */
  @FuzzTest
  void point(byte[] input) {
    SensorText text = new SensorText(input);
    PointReader reader;
    try {
      String pattern = text.text("pattern", "");
      Pattern compiled = pattern.isEmpty() ? null : Patterns.compile("pattern", pattern);
      Syntax syntax =
          new Syntax(
              text.text("separators", ",;\t"),
              text.text("assigns", "=:"),
              text.text("comma", "").equals("true"),
              compiled);
      PointAddress address = PointAddress.parse(text.text("address", "text"));
      reader = PointReader.of(address, text.text("type", "number"), text.text("order", ""), syntax);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    byte[] content = text.rest();
    Frame frame = new Frame(content, 0, content.length);
    try {
      reader.isIn(frame);
    } catch (BoundedText.RunawayPatternException e) {
      assertThat(e.getMessage()).startsWith("address");
    }
    RecordingSink sink = new RecordingSink();
    reader.deliver(frame, 3, sink);
    assertThat(sink.indexes()).containsExactly(3);
    assertThat(sink.deliveries(3)).hasSize(1);
    Value value = sink.value(3);
    if (value == null) {
      assertThat(sink.reason(3)).isNotBlank().hasSizeLessThan(1_000 + 2 * input.length);
    } else if (value instanceof Value.Float64 number && !text.text("type", "").startsWith("fl")) {
      assertThat(Double.isFinite(number.value())).isTrue();
    }
  }

  /** Settings template, unit, value, and those of a checksum. */
  @FuzzTest
  void template(byte[] input) {
    SensorText text = new SensorText(input);
    try {
      Template template = Template.parse("set", text.text("template", ""), checksum(text));
      String value = text.text("value", "");
      Value given =
          value.matches("-?[0-9]{1,18}")
              ? new Value.Int(Long.parseLong(value))
              : new Value.Text(value);
      byte[] bytes = template.bytes(text.text("unit", ""), given);
      assertThat(bytes.length).isLessThan(200 * (input.length + 1));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** Any settings of a sensor: it is made, or the message names a key. */
  @FuzzTest
  void settings(byte[] input) {
    SensorText text = new SensorText(input);
    if (text.text("mode", "").equals("listen")) {
      // It would begin to listen.
      return;
    }
    try (Sensor sensor =
        Sensor.of(
            text.line(),
            text.sensor(),
            "fuzz",
            new SerialLines(new NoPorts()),
            Clock.systemUTC())) {
      assertThat(sensor.bus()).startsWith("serial:");
      assertThat(sensor.inspect().facts()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains(":");
    }
  }

  private static final class NoPorts implements SerialPorts {
    @Override
    public SerialLease lease(SerialSettings settings, String holder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<SerialPortInfo> ports() {
      return new ArrayList<>();
    }
  }
}
