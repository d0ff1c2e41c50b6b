package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.StopBits;
import io.snaprail.driver.serial.internal.checksum.Algorithm;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.checksum.Computation;
import io.snaprail.driver.serial.internal.command.Template;
import io.snaprail.driver.serial.internal.extract.Syntax;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.framing.FrameScanner;
import io.snaprail.driver.serial.internal.framing.FrameShape;
import io.snaprail.driver.serial.internal.framing.Framing;
import io.snaprail.driver.serial.internal.framing.Patterns;
import io.snaprail.driver.serial.internal.line.LineSpec.Preamble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a sensor.
 *
 * @param serial port and line
 * @param listens whether it sends by itself; else it answers requests
 * @param frames how frames look
 * @param mine what the content of this device's frames matches; null for all
 * @param checksum null for none
 * @param limits sizes and times of frames
 * @param syntax how texts are written
 * @param asking how it is asked
 * @param init what is sent when the port was opened
 * @param stale age after which what it sent by itself is bad; zero for never
 */
record SensorSettings(
    SerialSettings serial,
    boolean listens,
    FrameShape frames,
    @Nullable Pattern mine,
    @Nullable Checksum checksum,
    FrameScanner.Limits limits,
    Syntax syntax,
    Asking asking,
    List<Preamble> init,
    Duration stale) {
  private static final int USUAL_SILENCE_MS = 50;
  private static final int SILENCE_CHARACTERS = 5;
  private static final int PARTIAL_SILENCES = 5;
  private static final int RESYNC_SILENCES = 20;

  /**
   * How a device is asked.
   *
   * @param unit its address on the line; may be empty
   * @param request what all its points are asked with; empty for none
   * @param echo whether it repeats the request
   * @param timeout for one answer
   * @param retries further requests when no good answer came
   * @param pause before a request
   * @param wake sent before a request; null for none
   * @param confirm what the answer to a command matches; null when there is none
   */
  record Asking(
      String unit,
      String request,
      boolean echo,
      Duration timeout,
      int retries,
      Duration pause,
      @Nullable Preamble wake,
      @Nullable Pattern confirm) {}

  /**
   * Checks a configuration.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  static SensorSettings of(LineConfig line, SensorConfig config) {
    SerialSettings serial = serial(line);
    Checksum checksum = checksum(config);
    return new SensorSettings(
        serial,
        listens(config),
        frames(config),
        mine(config),
        checksum,
        limits(config, serial.line()),
        new Syntax(
            characters("separators", config.separators()),
            characters("assigns", config.assigns()),
            config.decimal_comma(),
            pattern("pattern", config.pattern())),
        asking(config, checksum),
        init(config),
        stale(config));
  }

  private static boolean listens(SensorConfig config) {
    String mode = config.mode().strip().toLowerCase(Locale.ROOT);
    if (!mode.equals("listen") && !mode.equals("ask")) {
      throw new IllegalArgumentException(
          "mode: expected listen or ask, found '" + config.mode() + "'");
    }
    boolean listens = mode.equals("listen");
    Map<String, String> asking =
        Map.of("request", config.request(), "wake", config.wake(), "confirm", config.confirm());
    asking.forEach(
        (key, value) -> {
          if (listens && !value.isEmpty()) {
            throw new IllegalArgumentException(
                key
                    + ": expected nothing with mode listen, found '"
                    + value
                    + "'; set mode to ask");
          }
        });
    return listens;
  }

  private static SerialSettings serial(LineConfig config) {
    if (config.port().isBlank()) {
      throw new IllegalArgumentException(
          "port: expected a path such as /dev/ttyUSB0, a name from /dev/serial/by-id,"
              + " tcp://HOST:PORT or rfc2217://HOST:PORT; found nothing");
    }
    LineSettings line =
        new LineSettings(
            config.baud(),
            config.data_bits(),
            Parity.parse(config.parity()),
            StopBits.parse(config.stop_bits()),
            FlowControl.parse(config.flow_control()));
    Rs485 rs485 =
        new Rs485(
            Rs485.Direction.parse(config.rs485_direction()),
            config.rs485_rts_high_on_send(),
            config.rs485_delay_before_ms(),
            config.rs485_delay_after_ms());
    return new SerialSettings(SerialAddress.parse(config.port()), line, rs485, config.echo());
  }

  private static FrameShape frames(SensorConfig config) {
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
                little("frame.length.order", config.frame_length_order()),
                config.frame_length_mask(),
                config.frame_length_adjust()),
            config.frame_pattern(),
            config.frame_max()));
  }

  private static boolean little(String key, String order) {
    String wanted = order.strip().toLowerCase(Locale.ROOT);
    if (!wanted.equals("big") && !wanted.equals("little")) {
      throw new IllegalArgumentException(key + ": expected big or little, found '" + order + "'");
    }
    return wanted.equals("little");
  }

  private static @Nullable Pattern mine(SensorConfig config) {
    String unit = Pattern.quote(config.unit());
    return pattern("frame.if", config.frame_if().replace("${unit}", unit));
  }

  private static @Nullable Checksum checksum(SensorConfig config) {
    if (config.checksum().strip().toLowerCase(Locale.ROOT).equals("none")) {
      return null;
    }
    return new Checksum(
        Computation.of(
            Algorithm.parse(config.checksum()), config.checksum_init(), config.checksum_xor()),
        config.checksum_from(),
        config.checksum_to(),
        config.checksum_at(),
        Checksum.Form.parse("checksum.form", config.checksum_form()));
  }

  private static FrameScanner.Limits limits(SensorConfig config, LineSettings line) {
    Duration silence = Duration.ofMillis(range("silence.ms", 0, 60_000, config.silence_ms()));
    if (silence.isZero()) {
      Duration characters = Duration.ofNanos(SILENCE_CHARACTERS * line.characterNanos());
      Duration usual = Duration.ofMillis(USUAL_SILENCE_MS);
      silence = characters.compareTo(usual) > 0 ? characters : usual;
    }
    Duration partial = Duration.ofMillis(range("partial.ms", 0, 60_000, config.partial_ms()));
    if (partial.isZero()) {
      partial = silence.multipliedBy(PARTIAL_SILENCES);
    } else if (partial.compareTo(silence) < 0) {
      throw new IllegalArgumentException(
          "partial.ms: expected the silence (%d ms) or more, found %d"
              .formatted(silence.toMillis(), config.partial_ms()));
    }
    return new FrameScanner.Limits(
        config.frame_max(), silence, partial, silence.multipliedBy(RESYNC_SILENCES));
  }

  private static Asking asking(SensorConfig config, @Nullable Checksum checksum) {
    // Wrong templates are told now, and not when they are used first.
    request("request", config.request(), config.unit(), checksum);
    return new Asking(
        config.unit(),
        config.request(),
        config.request_echo(),
        Duration.ofMillis(range("request.timeout.ms", 10, 60_000, config.request_timeout_ms())),
        range("retries", 0, 5, config.retries()),
        Duration.ofMillis(range("pause.ms", 0, 10_000, config.pause_ms())),
        config.wake().isEmpty()
            ? null
            : new Preamble(
                request("wake", config.wake(), config.unit(), checksum),
                range("wake.pause.ms", 0, 10_000, config.wake_pause_ms())),
        pattern("confirm", config.confirm()));
  }

  private static List<Preamble> init(SensorConfig config) {
    int pause = range("init.pause.ms", 0, 2_000, config.init_pause_ms());
    return Arrays.stream(config.init())
        .filter(text -> !text.isEmpty())
        .map(text -> new Preamble(request("init", text, config.unit(), null), pause))
        .toList();
  }

  private static byte[] request(String key, String text, String unit, @Nullable Checksum checksum) {
    return Template.parse(key, text, checksum).bytes(unit, null);
  }

  private static Duration stale(SensorConfig config) {
    int ms = config.stale_ms();
    if (ms != 0) {
      range("stale.ms", 100, 86_400_000, ms);
    }
    return Duration.ofMillis(ms);
  }

  private static String characters(String key, String text) {
    return new String(Escapes.bytes(key, text), StandardCharsets.ISO_8859_1);
  }

  private static @Nullable Pattern pattern(String key, String text) {
    if (text.isEmpty()) {
      return null;
    }
    return Patterns.compile(key, text);
  }

  private static int range(String key, int least, int most, int value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: expected %d..%d, found %d".formatted(key, least, most, value));
    }
    return value;
  }
}
