package io.snaprail.driver.iec62056.internal;

/** Characters of seven bits with even parity on a line of eight bits. */
final class Parities {
  private Parities() {}

  static byte[] even(byte[] characters) {
    byte[] bytes = new byte[characters.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (characters[i] | (Integer.bitCount(characters[i]) % 2) << 7);
    }
    return bytes;
  }

  /** The character without its parity. */
  static char character(byte received) throws BadReadoutException {
    if (Integer.bitCount(received & 0xff) % 2 != 0) {
      throw new BadReadoutException(
          "expected characters of even parity, found 0x%02x".formatted(received));
    }
    return (char) (received & 0x7f);
  }
}
