package io.snaprail.driver.iec62056;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What meters tell. Sources: the readout of the LEM EM4TII with its block check character is in its
 * manual (05 November 2020, V1.0, page 27); the telegrams of an Iskra MT382 and a Sagemcom T210-D
 * with their checksums, and of an EasyMeter Q3D, are in https://github.com/ndokter/dsmr_parser
 * (test/example_telegrams.py).
 */
public final class Readouts {
  /** The manual's block check character. */
  public static final char EM4TII_BCC = '+';

  private Readouts() {}

  /** A published text, with the line ends of the line. */
  public static String text(String name) {
    try (InputStream in = Readouts.class.getResourceAsStream(name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", "\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The readout of the manual as it stands there. */
  public static String em4tii() {
    return "\u0002" + text("em4tii") + "!\r\n\u0003" + EM4TII_BCC;
  }
}
