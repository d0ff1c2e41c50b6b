package io.snaprail.driver.iec62056.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SharedPorts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Reads a meter out: signs on, changes the baud rate, and takes the data (IEC 62056-21, clause
 * 6.4); or waits for what it sends by itself (mode D). Used by one thread at a time.
 */
final class Meter {
  /**
   * Longest time to an answer, and between two characters (clause 6.4.3.2), with some for networks.
   */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private static final Duration REST = Duration.ofMillis(20);
  private static final Duration WAKING = Duration.ofMillis(2_200);
  private static final Duration WOKEN = Duration.ofMillis(1_600);
  private static final int ACK = 0x06;

  private final IecSettings settings;
  private final SharedPorts.Use use;

  Meter(IecSettings settings, SharedPorts.Use use) {
    this.settings = settings;
    this.use = use;
  }

  /**
   * What a meter told.
   *
   * @param checked whether its data had a check character or checksum
   */
  record Told(Identification identification, List<DataSet> sets, boolean checked) {}

  /**
   * Reads once, again where that failed.
   *
   * @throws DriverException when the port cannot be had, or nothing good came
   */
  Told read(Deadline deadline) throws DriverException {
    for (int left = settings.retries(); ; left--) {
      try {
        return readOnce(deadline);
      } catch (DriverException e) {
        boolean again = e.sent() && e.kind() != DriverException.Kind.CONFIGURATION;
        if (left == 0 || !again || deadline.expired()) {
          throw e;
        }
      }
    }
  }

  private Told readOnce(Deadline deadline) throws DriverException {
    boolean sent = false;
    try {
      SerialConnection connection = use.open(deadline);
      connection.discardInput();
      if (settings.listens()) {
        return listen(connection, deadline);
      }
      rest(connection, deadline);
      sent = true;
      return ask(connection, deadline);
    } catch (SerialException e) {
      throw e.toDriverException(sent);
    } catch (BadReadoutException e) {
      throw DriverException.wrongAnswer(name() + ": damaged readout: " + e.getMessage(), e);
    }
  }

  private String name() {
    return use.settings().address().toString();
  }

  /** Lets go by what still comes of a readout that was given up. */
  private static void rest(SerialConnection connection, Deadline deadline) throws SerialException {
    byte[] buffer = new byte[256];
    while (!deadline.expired() && connection.read(buffer, deadline.orIn(REST)) > 0) {
      // Belongs to nobody.
    }
  }

  private Told ask(SerialConnection connection, Deadline deadline)
      throws SerialException, DriverException, BadReadoutException {
    if (settings.wake()) {
      wake(connection, deadline);
    }
    send(connection, "/?" + settings.address() + "!\r\n", deadline);
    Identification identification = Identification.of(line(connection, deadline));
    boolean confirmed = identification.confirmed();
    int baud = rate(identification);
    if (confirmed) {
      char rate = settings.change() == IecSettings.Change.NONE ? '0' : identification.rate();
      send(connection, (char) ACK + "0" + rate + "0\r\n", deadline);
    }
    LineSettings line = use.settings().line();
    connection.setLine(
        new LineSettings(baud, line.dataBits(), line.parity(), line.stopBits(), line.flowControl()),
        deadline);
    Readout readout = Readout.block(confirmed);
    List<DataSet> sets = take(connection, readout, deadline);
    return new Told(identification, sets, readout.checked());
  }

  /** The baud rate of the data. */
  private int rate(Identification identification) throws DriverException {
    int own = use.settings().line().baud();
    int offered = identification.baud();
    if (offered == 0 || settings.change() == IecSettings.Change.FIXED) {
      return own;
    }
    int wanted =
        settings.change() == IecSettings.Change.NONE && identification.confirmed()
            ? Math.min(own, offered)
            : offered;
    if (wanted != own && use.settings().address() instanceof SerialAddress.Tcp) {
      throw DriverException.configuration(
          "%s: the meter goes on with %d baud, but behind tcp:// the line stays at %d. Set baud.change to none, or to fixed if the line has the meter's rate, or use rfc2217://"
              .formatted(name(), wanted, own));
    }
    return wanted;
  }

  private void wake(SerialConnection connection, Deadline deadline) throws SerialException {
    long character = use.settings().line().characterNanos();
    connection.write(new byte[(int) (WAKING.toNanos() / character)], deadline);
    connection.drain(deadline);
    Deadline until = deadline.orIn(WOKEN);
    byte[] buffer = new byte[64];
    while (!until.expired()) {
      connection.read(buffer, until);
    }
  }

  private void send(SerialConnection connection, String text, Deadline deadline)
      throws SerialException {
    byte[] characters = text.getBytes(StandardCharsets.US_ASCII);
    connection.write(settings.softParity() ? Parities.even(characters) : characters, deadline);
  }

  private String line(SerialConnection connection, Deadline deadline)
      throws SerialException, DriverException, BadReadoutException {
    StringBuilder line = new StringBuilder();
    // The request itself takes 0.2 s and more at 300 baud.
    long sending = (settings.address().length() + 5) * use.settings().line().characterNanos();
    Deadline until = deadline.orIn(ANSWER.plusNanos(sending));
    while (true) {
      char next = character(one(connection, until, deadline, "to the request"));
      if (next == '\n') {
        return line.toString().strip();
      }
      line.append(next);
      if (line.length() > 64) {
        throw new BadReadoutException("expected a line of an identification, found '" + line + "'");
      }
      until = deadline.orIn(ANSWER);
    }
  }

  private List<DataSet> take(SerialConnection connection, Readout readout, Deadline deadline)
      throws SerialException, DriverException, BadReadoutException {
    byte[] buffer = new byte[512];
    while (true) {
      int count = connection.read(buffer, deadline.orIn(ANSWER));
      if (count == 0) {
        throw silent("with its data", deadline);
      }
      for (int i = 0; i < count; i++) {
        List<DataSet> sets = readout.take(character(buffer[i]));
        if (sets != null) {
          return sets;
        }
      }
    }
  }

  private byte one(SerialConnection connection, Deadline until, Deadline deadline, String what)
      throws SerialException, DriverException {
    byte[] one = new byte[1];
    if (connection.read(one, until) == 0) {
      throw silent(what, deadline);
    }
    return one[0];
  }

  private DriverException silent(String what, Deadline deadline) {
    return DriverException.noAnswer(
        deadline.expired()
            ? name() + ": the readout did not end before timeout.ms was over"
            : name() + ": the meter does not answer " + what,
        null);
  }

  private char character(byte received) throws BadReadoutException {
    return settings.softParity() ? Parities.character(received) : (char) (received & 0xff);
  }

  private Told listen(SerialConnection connection, Deadline deadline)
      throws SerialException, DriverException {
    Readout readout = Readout.telegram();
    String refused = "";
    byte[] buffer = new byte[512];
    long heard = 0;
    while (!deadline.expired()) {
      int count = connection.read(buffer, deadline);
      heard += count;
      for (int i = 0; i < count; i++) {
        try {
          List<DataSet> sets = readout.take(character(buffer[i]));
          Identification from = readout.identification();
          if (sets != null && from != null) {
            return new Told(from, sets, readout.checked());
          }
        } catch (BadReadoutException e) {
          refused = String.valueOf(e.getMessage());
          readout = Readout.telegram();
        }
      }
    }
    if (!refused.isEmpty()) {
      throw DriverException.wrongAnswer(name() + ": damaged telegram: " + refused, null);
    }
    throw DriverException.noAnswer(
        heard == 0
            ? name() + ": the meter sends nothing"
            : name() + ": " + heard + " bytes have come, but no whole telegram",
        null);
  }
}
