package io.snaprail.mqtt.internal.telemetry;

import java.util.List;
import java.util.regex.Pattern;

/** Selects devices by name: {@code *} stands for any text, {@code ?} for one character. */
final class DeviceFilter {
  private final List<Pattern> patterns;

  /** No glob at all selects every device. */
  DeviceFilter(List<String> globs) {
    patterns = globs.stream().map(DeviceFilter::pattern).toList();
  }

  boolean selects(String device) {
    return patterns.isEmpty() || patterns.stream().anyMatch(p -> p.matcher(device).matches());
  }

  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
