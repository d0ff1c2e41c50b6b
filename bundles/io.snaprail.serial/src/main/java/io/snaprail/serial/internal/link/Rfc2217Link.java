package io.snaprail.serial.internal.link;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A port behind a server that speaks Telnet's COM-PORT-OPTION (RFC 2217). Sets the line at opening
 * and makes sure that the server has taken each setting.
 */
public final class Rfc2217Link implements Link {
  private static final int BINARY = 0;
  private static final int SUPPRESS_GO_AHEAD = 3;
  private static final int COM_PORT = 44;

  // RFC 2217, section 3; answers have 100 added.
  private static final int SET_BAUDRATE = 1;
  private static final int SET_DATASIZE = 2;
  private static final int SET_PARITY = 3;
  private static final int SET_STOPSIZE = 4;
  private static final int SET_CONTROL = 5;
  private static final int SET_LINESTATE_MASK = 10;
  private static final int SET_MODEMSTATE_MASK = 11;
  private static final int PURGE_DATA = 12;
  private static final int PURGE_BOTH = 3;
  private static final int ANSWER = 100;
  // Outbound flow control: 1 none, 2 XON/XOFF, 3 hardware; answers of other groups are above.
  private static final int LAST_FLOW_CONTROL = 3;

  // How often a negotiating thread looks whether the connection is still wanted.
  private static final Duration SLICE = Duration.ofMillis(50);
  private static final int MOST_EARLY = 8192;
  private static final Duration REPLY = Duration.ofSeconds(1);

  private final String port;
  private final Link stream;
  private final TelnetDecoder decoder;
  private final Map<Integer, Long> answers = new HashMap<>();
  private final BooleanSupplier unwanted;
  private Agreed agreed = Agreed.OPEN;
  private volatile long characterNanos;
  private volatile long lineFreeAt = System.nanoTime();

  /** Data that came while the line was being changed. For whoever reads. */
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();

  private Rfc2217Link(String port, Link stream, BooleanSupplier unwanted) {
    this.unwanted = unwanted;
    this.port = port;
    this.stream = stream;
    this.decoder = new TelnetDecoder(new Incoming());
  }

  private enum Agreed {
    OPEN,
    YES,
    NO
  }

  /** A setting that was sent and the answer that must come. */
  private record Setting(String key, int command, long code, Object wanted) {}

  /**
   * Negotiates on a fresh stream; on failure the stream is left to the caller to close.
   *
   * @param unwanted asked often; true ends the attempt
   */
  public static Rfc2217Link open(
      String port, Link stream, LineSettings line, Deadline deadline, BooleanSupplier unwanted)
      throws SerialException {
    Rfc2217Link link = new Rfc2217Link(port, stream, unwanted);
    link.negotiate(deadline);
    link.configure(line, true, deadline);
    link.early.reset();
    return link;
  }

  private void negotiate(Deadline deadline) throws SerialException {
    ByteArrayOutputStream offer = new ByteArrayOutputStream();
    for (int option : new int[] {COM_PORT, BINARY, SUPPRESS_GO_AHEAD}) {
      offer.writeBytes(bytes(TelnetDecoder.IAC, TelnetDecoder.WILL, option));
    }
    for (int option : new int[] {BINARY, SUPPRESS_GO_AHEAD}) {
      offer.writeBytes(bytes(TelnetDecoder.IAC, TelnetDecoder.DO, option));
    }
    send(offer.toByteArray(), deadline);
    while (agreed == Agreed.OPEN) {
      await(deadline, "agree to RFC 2217");
    }
    if (agreed == Agreed.NO) {
      throw new SerialException(
          Kind.SETTINGS,
          port
              + ": the server does not speak RFC 2217. Switch it on there, or use tcp:// and set"
              + " the line at the server.");
    }
  }

  private void configure(LineSettings line, boolean first, Deadline deadline)
      throws SerialException {
    List<Setting> settings =
        List.of(
            new Setting("baud", SET_BAUDRATE, line.baud(), line.baud()),
            new Setting("data.bits", SET_DATASIZE, line.dataBits(), line.dataBits()),
            new Setting("parity", SET_PARITY, code(line.parity()), line.parity().code()),
            new Setting("stop.bits", SET_STOPSIZE, stopCode(line), line.stopBits().code()),
            new Setting(
                "flow.control", SET_CONTROL, code(line.flowControl()), line.flowControl().code()));
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    for (Setting setting : settings) {
      request.writeBytes(
          setting.command() == SET_BAUDRATE
              ? command(SET_BAUDRATE, ByteBuffer.allocate(4).putInt(line.baud()).array())
              : command(setting.command(), (byte) setting.code()));
    }
    if (first) {
      request.writeBytes(command(SET_LINESTATE_MASK, (byte) 0));
      request.writeBytes(command(SET_MODEMSTATE_MASK, (byte) 0));
      request.writeBytes(command(PURGE_DATA, (byte) PURGE_BOTH));
    }
    answers.clear();
    send(request.toByteArray(), deadline);
    for (Setting setting : settings) {
      requireTaken(setting, deadline);
    }
    characterNanos = line.characterNanos();
  }

  private void requireTaken(Setting setting, Deadline deadline) throws SerialException {
    while (!answers.containsKey(setting.command())) {
      await(deadline, "confirm '" + setting.key() + "'");
    }
    Long found = answers.get(setting.command());
    if (found == null || found != setting.code()) {
      throw new SerialException(
          Kind.SETTINGS,
          "%s: %s: expected the port server to take %s (code %d), it answers code %d. Its port cannot do that, or its settings are locked."
              .formatted(port, setting.key(), setting.wanted(), setting.code(), found));
    }
  }

  private static int code(Parity parity) {
    return switch (parity) {
      case NONE -> 1;
      case ODD -> 2;
      case EVEN -> 3;
      case MARK -> 4;
      case SPACE -> 5;
    };
  }

  private static int stopCode(LineSettings line) {
    return switch (line.stopBits()) {
      case ONE -> 1;
      case TWO -> 2;
      case ONE_AND_A_HALF -> 3;
    };
  }

  private static int code(FlowControl flow) {
    return switch (flow) {
      case NONE -> 1;
      case XON_XOFF -> 2;
      case RTS_CTS -> 3;
    };
  }

  @Override
  public void setLine(LineSettings line, Deadline deadline) throws SerialException {
    // What was written has to leave at the old rate; how far it is only time tells.
    while (lineFreeAt - System.nanoTime() > 0) {
      if (deadline.expired()) {
        throw new SerialException(
            Kind.TIMEOUT, port + ": what was written could not leave the line in time");
      }
      Waiting.pause(port, lineFreeAt - System.nanoTime(), deadline);
    }
    configure(line, false, deadline);
  }

  /** Waits for anything. Data that comes meanwhile is kept, up to a limit. */
  private void await(Deadline deadline, String toDo) throws SerialException {
    byte[] buffer = new byte[256];
    int count = 0;
    while (count == 0) {
      if (unwanted.getAsBoolean()) {
        throw Waiting.closed(port);
      }
      if (deadline.expired()) {
        throw new SerialException(
            Kind.TIMEOUT,
            port
                + ": connected, but the server did not "
                + toDo
                + " in time. Does it speak RFC 2217? If not, use tcp://");
      }
      count = stream.read(buffer, 0, buffer.length, deadline.orIn(SLICE));
    }
    int data = decoder.decode(buffer, 0, count);
    early.write(buffer, 0, Math.min(data, MOST_EARLY - early.size()));
  }

  @Override
  public int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException {
    if (early.size() > 0) {
      byte[] kept = early.toByteArray();
      int count = Math.min(length, kept.length);
      System.arraycopy(kept, 0, buffer, offset, count);
      early.reset();
      early.write(kept, count, kept.length - count);
      return count;
    }
    while (true) {
      int count = stream.read(buffer, offset, length, deadline);
      if (count == 0) {
        return 0;
      }
      int data = decoder.decode(buffer, offset, count);
      if (data > 0) {
        return data;
      }
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    send(TelnetDecoder.escape(bytes, offset, length), deadline);
    long now = System.nanoTime();
    lineFreeAt = (lineFreeAt - now > 0 ? lineFreeAt : now) + length * characterNanos;
  }

  private void send(byte[] bytes, Deadline deadline) throws SerialException {
    try {
      stream.write(bytes, 0, bytes.length, deadline);
    } catch (SerialException failure) {
      if (failure.kind() != Kind.TIMEOUT) {
        throw failure;
      }
      // It may have been cut within an escape or a command: what follows would be misread.
      throw new SerialException(Kind.LOST, String.valueOf(failure.getMessage()), failure);
    }
  }

  @Override
  public void drain(Deadline deadline) throws SerialException {
    stream.drain(deadline);
  }

  @Override
  public void discardInput() throws SerialException {
    early.reset();
    byte[] buffer = new byte[4096];
    Deadline over = Deadline.in(Duration.ZERO);
    Deadline most = Deadline.in(REPLY);
    int count = stream.read(buffer, 0, buffer.length, over);
    while (count > 0 && !most.expired()) {
      // Through the decoder, which must keep its place.
      decoder.decode(buffer, 0, count);
      count = stream.read(buffer, 0, buffer.length, over);
    }
  }

  @Override
  public void close() {
    stream.close();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] command(int command, byte... value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(TelnetDecoder.IAC, TelnetDecoder.SB, COM_PORT, command));
    out.writeBytes(TelnetDecoder.escape(value, 0, value.length));
    out.writeBytes(bytes(TelnetDecoder.IAC, TelnetDecoder.SE));
    return out.toByteArray();
  }

  /** What the server says; called by the thread that reads. */
  private final class Incoming implements TelnetDecoder.Handler {
    @Override
    public void option(int verb, int option) throws SerialException {
      boolean offered = option == COM_PORT || option == BINARY || option == SUPPRESS_GO_AHEAD;
      switch (verb) {
        case TelnetDecoder.DO -> {
          if (option == COM_PORT) {
            agreed = Agreed.YES;
          } else if (!offered) {
            reply(TelnetDecoder.WONT, option);
          }
        }
        case TelnetDecoder.DONT -> {
          if (option == COM_PORT && agreed == Agreed.OPEN) {
            agreed = Agreed.NO;
          }
        }
        case TelnetDecoder.WILL -> {
          // Binary and go-ahead were asked for; anything else, such as ECHO, is unwanted here.
          if (option == COM_PORT) {
            reply(TelnetDecoder.DO, option);
          } else if (!offered) {
            reply(TelnetDecoder.DONT, option);
          }
        }
        default -> {
          // WONT: what was asked for stays off, which changes nothing.
        }
      }
    }

    private void reply(int verb, int option) throws SerialException {
      send(bytes(TelnetDecoder.IAC, verb, option), Deadline.in(REPLY));
    }

    @Override
    public void subnegotiation(byte[] content) {
      if (content.length < 3 || content[0] != COM_PORT) {
        return;
      }
      int command = (content[1] & 0xff) - ANSWER;
      long value = 0;
      for (int i = 2; i < content.length && i < 6; i++) {
        value = value << 8 | (content[i] & 0xff);
      }
      if (command != SET_CONTROL || value <= LAST_FLOW_CONTROL) {
        answers.put(command, value);
      }
    }
  }
}
