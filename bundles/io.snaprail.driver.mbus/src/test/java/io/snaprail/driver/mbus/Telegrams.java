package io.snaprail.driver.mbus;

import io.snaprail.driver.mbus.internal.link.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Answers of real meters, by name. The file names their source. */
public final class Telegrams {
  private static final Map<String, byte[]> ALL = load();

  private Telegrams() {}

  private static Map<String, byte[]> load() {
    Map<String, byte[]> all = new TreeMap<>();
    try (InputStream in = Telegrams.class.getResourceAsStream("telegrams.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#") && !line.isBlank()) {
          int colon = line.indexOf(':');
          String hex = line.substring(colon + 1).replace(" ", "");
          all.put(line.substring(0, colon), HexFormat.of().parseHex(hex));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** Every answer, by name. */
  public static Map<String, byte[]> all() {
    return Map.copyOf(ALL);
  }

  /** An answer as it comes. */
  public static byte[] bytes(String name) {
    return ALL.get(name).clone();
  }

  /** An answer as a frame. */
  public static Frame.Data frame(String name) {
    try {
      byte[] bytes = bytes(name);
      return (Frame.Data) Frame.parse(bytes, Frame.length(bytes, bytes.length));
    } catch (io.snaprail.driver.mbus.internal.link.BrokenFrameException e) {
      throw new AssertionError(name, e);
    }
  }
}
