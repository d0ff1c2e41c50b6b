package io.snaprail.serial.internal.link;

import io.snaprail.api.serial.SerialException;
import java.io.ByteArrayOutputStream;

/**
 * Splits a Telnet stream (RFC 854) into data, commands and subnegotiations (RFC 855). Keeps its
 * place between calls, so that the stream may be cut anywhere. One thread at a time.
 */
final class TelnetDecoder {
  static final int IAC = 255;
  static final int DONT = 254;
  static final int DO = 253;
  static final int WONT = 252;
  static final int WILL = 251;
  static final int SB = 250;
  static final int SE = 240;

  // The longest that means something here is 6 bytes; what is longer is cut, not kept.
  private static final int LONGEST_SUBNEGOTIATION = 256;

  private final Handler handler;
  private final ByteArrayOutputStream subnegotiation = new ByteArrayOutputStream();
  private State state = State.DATA;
  private int verb;

  TelnetDecoder(Handler handler) {
    this.handler = handler;
  }

  /** Takes what is not data. */
  interface Handler {
    /** WILL, WONT, DO or DONT and an option. */
    void option(int verb, int option) throws SerialException;

    /** The content of a subnegotiation: the option, then its bytes, unescaped. */
    void subnegotiation(byte[] content) throws SerialException;
  }

  private enum State {
    DATA,
    COMMAND,
    OPTION,
    SUB,
    SUB_COMMAND
  }

  /** Decodes in place: data moves to the front. Returns how many bytes of data there are. */
  int decode(byte[] buffer, int offset, int count) throws SerialException {
    int data = offset;
    for (int i = offset; i < offset + count; i++) {
      int octet = buffer[i] & 0xff;
      if (state == State.DATA && octet != IAC) {
        buffer[data++] = buffer[i];
      } else if (state == State.COMMAND && octet == IAC) {
        buffer[data++] = (byte) IAC;
        state = State.DATA;
      } else {
        state = control(octet);
      }
    }
    return data - offset;
  }

  private State control(int octet) throws SerialException {
    return switch (state) {
      case DATA -> State.COMMAND;
      case COMMAND -> command(octet);
      case OPTION -> {
        handler.option(verb, octet);
        yield State.DATA;
      }
      case SUB -> {
        if (octet == IAC) {
          yield State.SUB_COMMAND;
        }
        keep(octet);
        yield State.SUB;
      }
      case SUB_COMMAND -> endOrEscape(octet);
    };
  }

  private State command(int octet) {
    if (octet == SB) {
      subnegotiation.reset();
      return State.SUB;
    }
    verb = octet;
    // Other commands, such as NOP and GA, have no option and mean nothing on a serial line.
    return octet >= WILL ? State.OPTION : State.DATA;
  }

  private State endOrEscape(int octet) throws SerialException {
    if (octet == IAC) {
      keep(octet);
      return State.SUB;
    }
    if (octet == SE && subnegotiation.size() > 0) {
      handler.subnegotiation(subnegotiation.toByteArray());
    }
    return State.DATA;
  }

  private void keep(int octet) {
    if (subnegotiation.size() < LONGEST_SUBNEGOTIATION) {
      subnegotiation.write(octet);
    }
  }

  /** Doubles each byte 255, so that it is data. */
  static byte[] escape(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream(length + 8);
    for (int i = offset; i < offset + length; i++) {
      if ((bytes[i] & 0xff) == IAC) {
        escaped.write(IAC);
      }
      escaped.write(bytes[i]);
    }
    return escaped.toByteArray();
  }
}
