package io.snaprail.driver.serial.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.sensor.FrameTrial;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tries frames that somebody has at hand: from a manual, a log, or the monitor. */
final class TryFrames {
  private static final String TEXT = "text";
  private static final String HEX = "hex";
  private static final String NOTHING = "nothing";

  static final Tool TOOL =
      new Tool(
          "try",
          "Try this frame",
          "Shows what the settings and points above make of bytes that you give: which are a frame"
              + " and which not and why, the checksum, and every point with its value or why it has"
              + " none. Nothing is sent, and no port is needed.",
          List.of(
              Tool.Parameter.lines("frames", "What the device sends, one frame or many", ""),
              Tool.Parameter.choice("form", "Written as", List.of(TEXT, HEX)),
              Tool.Parameter.choice(
                  "ending",
                  "Each line of text ends with",
                  List.of("\\r\\n", "\\n", "\\r", NOTHING)),
              Tool.Parameter.bool("begins", "It begins with the beginning of a frame", true),
              Tool.Parameter.text("asked", "Only points that are asked with (empty: all)", "")),
          FrameTrial.COLUMNS,
          Tool.Access.OPERATOR);

  private TryFrames() {}

  static void run(LineConfig line, SensorConfig config, Map<String, String> parameters, ToolRun run)
      throws DriverException, InterruptedException {
    String text = given(parameters, "frames");
    if (text.isBlank()) {
      throw new IllegalArgumentException("frames: expected what the device sends, found nothing");
    }
    List<byte[]> bursts =
        given(parameters, "form").equals(HEX) ? hex(text) : text(text, given(parameters, "ending"));
    boolean begins = Boolean.parseBoolean(given(parameters, "begins"));
    FrameTrial.run(line, config, bursts, begins, given(parameters, "asked"), run);
  }

  private static String given(Map<String, String> parameters, String id) {
    return Objects.requireNonNull(parameters.get(id), id);
  }

  private static List<byte[]> text(String text, String ending) {
    List<byte[]> lines = new ArrayList<>();
    for (String line : text.split("\\R")) {
      // Whoever writes the end of the line means no other one.
      boolean whole = ending.equals(NOTHING) || line.endsWith("\\r") || line.endsWith("\\n");
      if (!line.isEmpty()) {
        lines.add(Escapes.bytes("frames", whole ? line : line + ending));
      }
    }
    return lines;
  }

  private static List<byte[]> hex(String text) {
    List<byte[]> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\\R")) {
      number++;
      String digits = line.replaceAll("0[xX]|[\\s,;:-]", "");
      try {
        lines.add(HexFormat.of().parseHex(digits));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "frames: expected pairs of hexadecimal digits such as 02 31 0D in line "
                + number
                + ", found '"
                + (line.length() > 60 ? line.substring(0, 60) + "..." : line)
                + "'",
            e);
      }
    }
    return lines;
  }
}
