package io.snaprail.serial;

import static io.snaprail.serial.Ports.everyByte;
import static io.snaprail.serial.Ports.lease;
import static io.snaprail.serial.Ports.millis;
import static io.snaprail.serial.Ports.readAll;
import static io.snaprail.serial.Ports.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.StopBits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports of this machine, as pseudo-terminals. */
class LocalPortTest {
  // One folder for all: the process loads the library once.
  @TempDir static Path libraries;
  @TempDir Path folder;

  private SerialPortsComponent service;
  private Path near;
  private Path far;
  private PseudoTerminals line;

  @BeforeEach
  void plugIn() throws IOException {
    service = Ports.service(libraries);
    near = folder.resolve("near");
    far = folder.resolve("far");
    line = new PseudoTerminals(near, far);
  }

  @AfterEach
  void unplug() {
    service.deactivate();
    line.close();
  }

  @ParameterizedTest
  @CsvSource({
    "300, 8, NONE, ONE",
    "9600, 8, EVEN, ONE",
    "19200, 8, ODD, TWO",
    "115200, 8, NONE, ONE",
    "250000, 8, NONE, ONE",
    "921600, 8, MARK, TWO"
  })
  void passesEveryByteUnchangedBothWays(int baud, int bits, Parity parity, StopBits stop)
      throws SerialException {
    LineSettings settings = new LineSettings(baud, bits, parity, stop, FlowControl.NONE);
    try (SerialLease one =
            service.lease(SerialSettings.of(near.toString(), 9600).with(settings), "one");
        SerialLease two =
            service.lease(SerialSettings.of(far.toString(), 9600).with(settings), "two")) {
      SerialConnection a = one.open(soon());
      SerialConnection b = two.open(soon());
      a.write(everyByte(), soon());
      assertThat(readAll(b, 512)).isEqualTo(everyByte());
      b.write(everyByte(), soon());
      assertThat(readAll(a, 512)).isEqualTo(everyByte());
    }
  }

  @Test
  void hasTheSettingsThatWereAskedFor() throws Exception {
    LineSettings settings =
        new LineSettings(19_200, 7, Parity.EVEN, StopBits.TWO, FlowControl.RTS_CTS);
    SerialLease lease =
        service.lease(SerialSettings.of(near.toString(), 9600).with(settings), "settings");
    lease.open(soon());
    // What the system says, not what the library remembers; a pseudo-terminal keeps 8 bits and
    // no parity, whatever is asked.
    Process stty = new ProcessBuilder("stty", "-a", "-F", near.toString()).start();
    String words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(words)
        .contains("speed 19200 baud")
        .containsPattern("[^-]cstopb")
        .containsPattern("[^-]crtscts")
        .contains("-icanon", "-echo ", "-opost", "-brkint", "-ixon");
  }

  /** What the system says; the bytes written before have left at the old rate. */
  @Test
  void changesTheLineOfAnOpenPort() throws Exception {
    SerialConnection connection = lease(service, near, 300).open(soon());
    connection.write(new byte[6], soon());
    long start = System.nanoTime();
    connection.setLine(LineSettings.of(9600), soon());
    // Six characters of ten bits at 300 baud.
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(190));
    Process stty = new ProcessBuilder("stty", "-a", "-F", near.toString()).start();
    String words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(words).contains("speed 9600 baud").contains("-icanon", "-echo ", "-opost");
    SerialConnection far = lease(service, this.far, 9600).open(soon());
    readAll(far, 6);
    far.write(everyByte(), soon());
    assertThat(readAll(connection, 512)).isEqualTo(everyByte());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20, 90, 250})
  void endsAReadAtItsDeadline(int wanted) throws SerialException {
    SerialConnection connection = lease(service, near, 9600).open(soon());
    byte[] buffer = new byte[16];
    long best = Long.MAX_VALUE;
    // The machine may be busy: the best of a few tells what the code does.
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertThat(connection.read(buffer, millis(wanted))).isZero();
      long took = System.nanoTime() - start;
      assertThat(took).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(wanted));
      best = Math.min(best, took);
    }
    assertThat(best).isLessThan(TimeUnit.MICROSECONDS.toNanos(1000L * wanted + 1500));
  }

  @Test
  void readsWhatIsThereWhenTheDeadlineIsOver() throws SerialException {
    SerialConnection a = lease(service, near, 9600).open(soon());
    SerialConnection b = lease(service, far, 9600).open(soon());
    byte[] buffer = new byte[4];
    assertThat(b.read(buffer, millis(0))).isZero();
    a.write(new byte[] {1, 2, 3}, soon());
    await().until(() -> b.read(buffer, 1, 2, millis(0)) == 2);
    assertThat(buffer).containsExactly(0, 1, 2, 0);
    assertThat(b.read(buffer, millis(0))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingEndsAReadAtOnce(boolean lease) throws Exception {
    SerialLease taken = lease(service, near, 9600);
    SerialConnection connection = taken.open(soon());
    Background read = new Background(() -> connection.read(new byte[8], soon()));
    read.awaitIn("readBytes");
    long start = System.nanoTime();
    if (lease) {
      taken.close();
    } else {
      connection.close();
    }
    assertThat(read.failure().kind()).isEqualTo(Kind.CLOSED);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void closingEndsAWriteThatFlowControlHolds() throws Exception {
    LineSettings software =
        new LineSettings(9600, 8, Parity.NONE, StopBits.ONE, FlowControl.XON_XOFF);
    SerialLease taken =
        service.lease(SerialSettings.of(near.toString(), 9600).with(software), "held");
    SerialConnection connection = taken.open(soon());
    SerialConnection other = lease(service, far, 9600).open(soon());
    byte xoff = 0x13;
    other.write(new byte[] {xoff}, soon());
    Background write =
        new Background(
            () -> {
              // A pseudo-terminal takes nothing while it is held; a UART fills its buffer first.
              while (true) {
                connection.write(new byte[64], soon());
              }
            });
    write.awaitIn("writeBytes");
    long start = System.nanoTime();
    taken.close();
    assertThat(write.failure().kind()).isEqualTo(Kind.CLOSED);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(400));
  }

  @Test
  void drainsForAsLongAsTheBytesTakeOnTheLine() throws SerialException {
    SerialConnection connection = lease(service, near, 9600).open(soon());
    long start = System.nanoTime();
    connection.write(new byte[48], soon());
    connection.drain(soon());
    // 48 characters of 10 bits at 9600.
    assertThat(System.nanoTime() - start)
        .isBetween(TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(150));
    connection.write(new byte[48], soon());
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> connection.drain(millis(10)))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void discardsTheInputAndLeavesTheOutput() throws SerialException {
    SerialConnection a = lease(service, near, 115_200).open(soon());
    SerialConnection b = lease(service, far, 115_200).open(soon());
    a.write(everyByte(), soon());
    b.write(new byte[] {42}, soon());
    assertThat(readAll(a, 1)).containsExactly(42);
    await().until(() -> b.read(new byte[1], millis(0)) == 1);
    b.discardInput();
    assertThat(b.read(new byte[1], millis(20))).isZero();
    b.write(new byte[] {43}, soon());
    a.discardInput();
    a.write(new byte[] {44}, soon());
    assertThat(readAll(b, 1)).containsExactly(44);
  }

  @Test
  void takesTheEchoOutOfTheInput() throws Exception {
    SerialLease lease =
        service.lease(SerialSettings.of(near.toString(), 9600).withEcho(true), "echo");
    SerialConnection a = lease.open(soon());
    SerialConnection b = lease(service, far, 9600).open(soon());
    a.write(everyByte(), soon());
    b.write(readAll(b, 512), soon());
    b.write(new byte[] {1, 2, 3}, soon());
    assertThat(readAll(a, 3)).containsExactly(1, 2, 3);
    a.write(new byte[] {7, 8}, soon());
    b.write(new byte[] {7, 9}, soon());
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> readAll(a, 1))
        .withMessageContaining("expected byte 2 of what was sent to come back as 0x08, found 0x09")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL));
  }

  @Test
  void refusesToSwitchADirectionWithoutRts() throws SerialException {
    SerialLease lease =
        service.lease(
            SerialSettings.of(near.toString(), 9600)
                .with(new Rs485(Rs485.Direction.RTS, true, 1, 1)),
            "rts");
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> lease.open(soon()))
        .withMessageContaining("has no line RTS")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS));
    // The failure has freed the port.
    lease.close();
    assertThat(lease(service, near, 9600).open(soon()).isOpen()).isTrue();
  }
}
