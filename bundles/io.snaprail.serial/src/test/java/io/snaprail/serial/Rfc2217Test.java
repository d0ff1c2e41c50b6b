package io.snaprail.serial;

import static io.snaprail.serial.Ports.millis;
import static io.snaprail.serial.Ports.readAll;
import static io.snaprail.serial.Ports.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 2217 byte by byte, against servers that do what real ones should not. */
class Rfc2217Test {
  private static final int IAC = 255;
  private static final int DONT = 254;
  private static final int DO = 253;
  private static final int WILL = 251;
  private static final int SB = 250;
  private static final int SE = 240;
  private static final int COM_PORT = 44;

  // Section 3 of RFC 2217: 9600 8N1, no flow control, no notifications, both buffers purged.
  private static final String OFFER = "ff fb 2c ff fb 00 ff fb 03 ff fd 00 ff fd 03";
  private static final String LINE =
      "ff fa 2c 01 00 00 25 80 ff f0 ff fa 2c 02 08 ff f0 ff fa 2c 03 01 ff f0 "
          + "ff fa 2c 04 01 ff f0 ff fa 2c 05 01 ff f0 ff fa 2c 0a 00 ff f0 "
          + "ff fa 2c 0b 00 ff f0 ff fa 2c 0c 03 ff f0";
  private static final int[] TAKEN = {
    IAC,
    SB,
    COM_PORT,
    101,
    0,
    0,
    0x25,
    0x80,
    IAC,
    SE,
    IAC,
    SB,
    COM_PORT,
    102,
    8,
    IAC,
    SE,
    IAC,
    SB,
    COM_PORT,
    103,
    1,
    IAC,
    SE,
    IAC,
    SB,
    COM_PORT,
    104,
    1,
    IAC,
    SE,
    // Answers for RTS and DTR are of the same command and are not about flow control.
    IAC,
    SB,
    COM_PORT,
    105,
    8,
    IAC,
    SE,
    IAC,
    SB,
    COM_PORT,
    105,
    1,
    IAC,
    SE
  };

  @TempDir Path folder;
  private SerialPortsComponent service;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    service = Ports.service(folder);
  }

  @AfterEach
  void stop() {
    service.deactivate();
  }

  private SerialLease lease(ScriptedServer server) throws SerialException {
    return service.lease(SerialSettings.of("rfc2217://127.0.0.1:" + server.port(), 9600), "test");
  }

  private static void send(OutputStream out, int... values) throws IOException {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    out.write(bytes);
    out.flush();
  }

  private static int length(String hex) {
    return hex.split(" ").length;
  }

  private static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (byte b : bytes) {
      hex.append(hex.isEmpty() ? "" : " ").append(String.format("%02x", b));
    }
    return hex.toString();
  }

  private void handshake(InputStream in, OutputStream out, int... answers) throws IOException {
    received.writeBytes(in.readNBytes(length(OFFER)));
    // What servers say of themselves, and a subnegotiation of another option.
    send(out, IAC, WILL, 3, IAC, WILL, 1, IAC, DO, 24, IAC, SB, 24, 1, IAC, SE, IAC, 241);
    send(out, IAC, DO, COM_PORT);
    received.writeBytes(in.readNBytes(6 + length(LINE)));
    send(out, answers);
  }

  @Test
  void negotiatesAndSetsTheLineAsTheStandardSays() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            (in, out) -> {
              handshake(in, out, TAKEN);
              received.writeBytes(in.readNBytes(4));
              // Cut within an escape and within a notification.
              send(out, 'a', IAC);
              in.read();
              send(out, IAC, 'b', IAC, SB, COM_PORT, 107, IAC);
              in.read();
              send(out, IAC, IAC, SE, 'c');
              in.read();
            })) {
      SerialConnection connection = lease(server).open(soon());
      connection.write(new byte[] {1, (byte) 0xff, 2}, soon());
      assertThat(readAll(connection, 1)).containsExactly('a');
      connection.write(new byte[1], soon());
      assertThat(readAll(connection, 2)).containsExactly(0xff, 'b');
      connection.write(new byte[1], soon());
      assertThat(readAll(connection, 1)).containsExactly('c');
      connection.discardInput();
      assertThat(connection.read(new byte[1], millis(0))).isZero();
    }
    // Unwanted: its echo (1) and our terminal type (24).
    assertThat(hex(received.toByteArray()))
        .isEqualTo(OFFER + " ff fe 01 ff fc 18 " + LINE + " 01 ff ff 02");
  }

  /** As a meter's answer at its new baud rate may come in one piece with the confirmation. */
  @Test
  void changesTheLineOfAnOpenPortAndKeepsWhatComesWithTheConfirmation() throws Exception {
    int[] slower = TAKEN.clone();
    slower[6] = 0x12;
    slower[7] = 0xC0;
    int[] andData = Arrays.copyOf(slower, slower.length + 2);
    andData[slower.length] = 'x';
    andData[slower.length + 1] = 'y';
    ByteArrayOutputStream change = new ByteArrayOutputStream();
    try (ScriptedServer server =
        new ScriptedServer(
            (in, out) -> {
              handshake(in, out, TAKEN);
              in.readNBytes(96);
              change.writeBytes(in.readNBytes(10 + 4 * 7));
              send(out, andData);
              in.read();
            })) {
      SerialConnection connection = lease(server).open(soon());
      connection.setLine(LineSettings.of(9600), soon());
      connection.write(new byte[96], soon());
      long start = System.nanoTime();
      connection.setLine(LineSettings.of(4800), soon());
      // 96 characters of ten bits at 9600 baud have left before.
      assertThat(System.nanoTime() - start).isGreaterThan(90_000_000L);
      byte[] first = new byte[1];
      assertThat(connection.read(first, soon())).isOne();
      assertThat(first).containsExactly('x');
      assertThat(readAll(connection, 1)).containsExactly('y');
    }
    assertThat(hex(change.toByteArray())).startsWith("ff fa 2c 01 00 00 12 c0 ff f0");
  }

  @Test
  void saysWhichSettingTheServerDidNotTake() throws Exception {
    int[] slower = TAKEN.clone();
    slower[6] = 0x12;
    slower[7] = 0xC0;
    try (ScriptedServer server =
        new ScriptedServer(
            (in, out) -> {
              handshake(in, out, slower);
              in.read();
            })) {
      SerialLease lease = lease(server);
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> lease.open(soon()))
          .withMessageContaining(
              "baud: expected the port server to take 9600 (code 9600), it answers code 4800")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS));
    }
  }

  @Test
  void saysThatASettingWasNotConfirmed() throws Exception {
    int[] cut = Arrays.copyOf(TAKEN, 17);
    try (ScriptedServer server =
        new ScriptedServer(
            (in, out) -> {
              handshake(in, out, cut);
              in.read();
            })) {
      SerialLease lease = lease(server);
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> lease.open(millis(150)))
          .withMessageContaining("did not confirm 'parity' in time")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }
  }

  @Test
  void saysThatAServerDoesNotSpeakIt() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            (in, out) -> {
              send(out, IAC, DONT, COM_PORT);
              in.transferTo(OutputStream.nullOutputStream());
            })) {
      SerialLease lease = lease(server);
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> lease.open(soon()))
          .withMessageContaining("the server does not speak RFC 2217")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS));
    }
  }

  @Test
  void givesUpOnAServerThatSaysNothingOfIt() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            (in, out) -> {
              send(out, 'h', 'e', 'l', 'l', 'o');
              in.transferTo(OutputStream.nullOutputStream());
            })) {
      SerialLease lease = lease(server);
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> lease.open(millis(150)))
          .withMessageContaining("did not agree to RFC 2217 in time")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }
  }
}
