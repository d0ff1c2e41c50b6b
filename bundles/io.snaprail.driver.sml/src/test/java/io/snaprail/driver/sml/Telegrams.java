package io.snaprail.driver.sml;

import io.snaprail.driver.sml.internal.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Telegrams of real meters, by name. The file names their source. */
public final class Telegrams {
  private static final Map<String, byte[]> ALL = load();

  private Telegrams() {}

  private static Map<String, byte[]> load() {
    Map<String, byte[]> all = new TreeMap<>();
    try (InputStream in = Telegrams.class.getResourceAsStream("telegrams.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          int colon = line.indexOf(':');
          all.put(
              line.substring(0, colon), HexFormat.of().parseHex(line.substring(colon + 1).strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** Every telegram, by name. */
  public static Map<String, byte[]> all() {
    return Map.copyOf(ALL);
  }

  /** A telegram as it comes. */
  public static byte[] bytes(String name) {
    return ALL.get(name).clone();
  }

  /** The last file of what comes; null when there is none. */
  public static byte[] file(byte[] bytes) {
    Transport transport = new Transport();
    byte[] last = null;
    for (byte each : bytes) {
      byte[] file = transport.take(each);
      last = file == null ? last : file;
    }
    return last;
  }
}
