package io.snaprail.serial;

import static io.snaprail.serial.Ports.lease;
import static io.snaprail.serial.Ports.millis;
import static io.snaprail.serial.Ports.readAll;
import static io.snaprail.serial.Ports.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has a port, and what becomes of it when the port goes and comes. */
class LeaseTest {
  @TempDir static Path libraries;
  @TempDir Path folder;

  private SerialPortsComponent service;
  private Path near;
  private Path far;

  @BeforeEach
  void start() {
    service = Ports.service(libraries);
    near = folder.resolve("near");
    far = folder.resolve("far");
  }

  @AfterEach
  void stop() {
    service.deactivate();
  }

  private SerialException refused(String port, String holder) {
    return catchThrowableOfType(
        SerialException.class, () -> service.lease(SerialSettings.of(port, 9600), holder));
  }

  @Test
  void namesThePresentHolderToTheNext() throws SerialException {
    SerialLease first = service.lease(SerialSettings.of("/dev/ttyNone7", 9600), "bus of boiler");
    SerialException refused = refused("/dev/ttyNone7", "scale");
    assertThat(refused.kind()).isEqualTo(Kind.IN_USE);
    assertThat(refused)
        .hasMessage(
            "/dev/ttyNone7: the port is held by 'bus of boiler'. One line has one holder: stop that"
                + " one, or use another port.");
    assertThat(service.lease(SerialSettings.of("/dev/ttyNone8", 9600), "scale").holder())
        .isEqualTo("scale");
    first.close();
    first.close();
    assertThat(refused("/dev/ttyNone7", "scale")).isNull();
  }

  @Test
  void knowsAPortByItsOtherNames() throws Exception {
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      Path alias = Files.createSymbolicLink(folder.resolve("alias"), near);
      lease(service, near, 9600);
      assertThat(refused(alias.toString(), "second"))
          .hasMessageContaining("held by 'test near' as " + near);
      assertThat(refused(near.toRealPath().toString(), "second")).isNotNull();
    }
    service.lease(SerialSettings.of("tcp://host:4001", 9600), "raw");
    assertThat(refused("rfc2217://HOST:4001", "second"))
        .hasMessageContaining("held by 'raw' as tcp://host:4001");
    assertThat(refused("rfc2217://host:4002", "second")).isNull();
  }

  @Test
  void refusesToOpenADeviceThatCameBackUnderTheNameOfAnother() throws Exception {
    SerialLease early = lease(service, folder.resolve("later"), 9600);
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      SerialLease holder = lease(service, near, 9600);
      holder.open(soon());
      Files.createSymbolicLink(folder.resolve("later"), near);
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> early.open(soon()))
          .withMessageContaining("held by 'test near' as " + near);
      holder.close();
      assertThat(early.open(soon()).isOpen()).isTrue();
    }
  }

  @Test
  void givesOneConnectionWhileItIsOpen() throws Exception {
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      SerialLease lease = lease(service, near, 9600);
      SerialConnection first = lease.open(soon());
      assertThat(lease.open(soon())).isSameAs(first);
      first.close();
      assertThat(lease.open(soon())).isNotSameAs(first);
      lease.close();
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> lease.open(soon()))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
    }
  }

  @Test
  void saysInPlainWordsThatThePortWentAndOpensItWhenItIsBack() throws Exception {
    SerialLease lease = lease(service, near, 9600);
    PseudoTerminals line = new PseudoTerminals(near, far);
    SerialConnection lost = lease.open(soon());
    Background read = new Background(() -> lost.read(new byte[8], soon()));
    read.awaitIn("readBytes");
    long start = System.nanoTime();
    line.close();
    SerialException failure = read.failure();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(failure.kind()).isEqualTo(Kind.LOST);
    assertThat(failure)
        .hasMessageContaining(near + ": the port was lost while it was open")
        .hasMessageContaining("it was unplugged");
    assertThat(failure.toDriverException(true))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT))
        .satisfies(e -> assertThat(e.sent()).isTrue());
    assertThat(lost.isOpen()).isFalse();
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> lost.write(new byte[1], soon()))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> lease.open(soon()))
        .withMessageContaining(near + ": there is no such port. ")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));

    try (PseudoTerminals other = new PseudoTerminals(folder.resolve("x"), folder.resolve("y"));
        // So that it comes back as another device.
        PseudoTerminals back = new PseudoTerminals(near, far)) {
      SerialConnection again = lease.open(soon());
      again.write(new byte[] {5}, soon());
      assertThat(readAll(lease(service, far, 9600).open(soon()), 1)).containsExactly(5);
    }
  }

  @Test
  void noticesByWritingThatThePortWent() throws Exception {
    PseudoTerminals line = new PseudoTerminals(near, far);
    SerialConnection connection = lease(service, near, 9600).open(soon());
    line.close();
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> connection.write(new byte[3], soon()))
        .withMessageContaining("(write)")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
  }

  @Test
  void leaksNothingInTwoHundredCycles() throws Exception {
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      cycle();
      Set<String> before = descriptors();
      int threads = Thread.getAllStackTraces().size();
      for (int i = 0; i < 200; i++) {
        cycle();
      }
      await().untilAsserted(() -> assertThat(descriptors()).isEqualTo(before));
      // Others come and go, such as the reaper of processes; a leak would be hundreds.
      assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + 20);
    }
  }

  private void cycle() throws SerialException {
    try (SerialLease one = lease(service, near, 115_200);
        SerialLease two = lease(service, far, 115_200)) {
      one.open(soon()).write(new byte[] {1}, soon());
      assertThat(readAll(two.open(soon()), 1)).containsExactly(1);
    }
  }

  private static Set<String> descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(
              each -> {
                try {
                  return each.getFileName() + " " + Files.readSymbolicLink(each);
                } catch (IOException closed) {
                  return "";
                }
              })
          .filter(each -> each.contains("/dev/"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void saysWhyAPortDoesNotOpen() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> lease(service, file, 9600).open(soon()))
        .withMessageContaining("expected a serial port, found something else at " + file);
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> lease(service, Path.of("/dev/zero"), 9600).open(soon()))
        .withMessageContaining("expected a serial port, found another device at /dev/zero");
  }

  @Test
  void namesTheProgramThatHasThePort() throws Exception {
    Programs.require("flock", "util-linux");
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      Process holder =
          new ProcessBuilder("flock", "-x", near.toString(), "-c", "echo held; exec sleep 60")
              .start();
      try {
        assertThat(holder.inputReader().readLine()).isEqualTo("held");
        SerialLease lease = lease(service, near, 9600);
        assertThatExceptionOfType(SerialException.class)
            .isThrownBy(() -> lease.open(soon()))
            .withMessageMatching(".*: the port is in use by .*(flock|sleep) \\(process \\d+\\).*")
            .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.IN_USE));
      } finally {
        holder.descendants().forEach(ProcessHandle::destroy);
        holder.destroy();
      }
    }
  }

  @Test
  void endsEverythingWithTheService() throws Exception {
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      SerialConnection connection = lease(service, near, 9600).open(soon());
      service.deactivate();
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> connection.read(new byte[1], millis(1)))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
      assertThat(refused("/dev/ttyX", "late").kind()).isEqualTo(Kind.CLOSED);
      // Another life of the bundle finds the library loaded.
      SerialPortsComponent next = Ports.service(libraries);
      assertThat(lease(next, near, 9600).open(soon()).isOpen()).isTrue();
      next.deactivate();
    }
  }

  @Test
  void listsALeasedPortWithItsStateAndHolder() throws Exception {
    SerialLease lease = lease(service, near, 9600);
    assertThat(service.ports())
        .filteredOn(port -> port.name().equals(near.toString()))
        .singleElement()
        .satisfies(port -> assertThat(port.present()).isFalse())
        .satisfies(port -> assertThat(port.holder()).isEqualTo("test near"));
    try (PseudoTerminals line = new PseudoTerminals(near, far)) {
      lease.open(soon());
      assertThat(service.ports())
          .filteredOn(port -> port.name().equals(near.toString()))
          .singleElement()
          .satisfies(port -> assertThat(port.present()).isTrue())
          .satisfies(port -> assertThat(port.connected()).isTrue())
          .satisfies(port -> assertThat(port.path()).isEqualTo(near.toRealPath().toString()));
    }
  }
}
