package io.snaprail.serial;

import static io.snaprail.serial.Ports.readAll;
import static io.snaprail.serial.Ports.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialPortInfo;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.SharedPorts;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices of one driver on one port. */
class SharedPortsTest {
  @TempDir static Path libraries;
  private SerialPortsComponent service;
  private SharedPorts ports;

  @BeforeEach
  void start() {
    service = Ports.service(libraries);
    ports = new SharedPorts(service, "test driver");
  }

  @AfterEach
  void stop() {
    ports.close();
    service.deactivate();
  }

  private static SerialSettings settings(ScriptedServer server) {
    return SerialSettings.of("tcp://127.0.0.1:" + server.port(), 9600);
  }

  @Test
  void twoDevicesTalkOnOneConnectionAndTheLastGivesItBack() throws Exception {
    try (ScriptedServer echo = new ScriptedServer((in, out) -> in.transferTo(out))) {
      SharedPorts.Use one = ports.join(settings(echo));
      SharedPorts.Use two = ports.join(settings(echo));
      assertThat(service.ports()).noneMatch(p -> p.holder().equals("test driver"));
      SerialConnection connection = one.open(soon());
      assertThat(two.open(soon())).isSameAs(connection);
      one.close();
      connection.write(new byte[] {1}, soon());
      assertThat(readAll(connection, 1)).containsExactly(1);
      assertThat(service.ports()).extracting(SerialPortInfo::holder).contains("test driver");
      two.close();
      assertThat(connection.isOpen()).isFalse();
      assertThat(service.ports()).noneMatch(p -> p.holder().equals("test driver"));
    }
  }

  @Test
  void aDeviceThatLeavesEndsItsOwnRead() throws Exception {
    try (ScriptedServer silent = new ScriptedServer((in, out) -> in.read())) {
      SharedPorts.Use one = ports.join(settings(silent));
      ports.join(settings(silent));
      Background reading = new Background(() -> one.open(soon()).read(new byte[1], soon()));
      reading.awaitIn("select");
      one.close();
      assertThat(reading.failure().kind()).isEqualTo(Kind.CLOSED);
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> one.open(soon()))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
    }
  }

  @Test
  void devicesThatDoNotAgreeOnTheEchoAreToldSo() throws Exception {
    try (ScriptedServer echo = new ScriptedServer((in, out) -> in.transferTo(out))) {
      ports.join(settings(echo)).open(soon());
      SharedPorts.Use other = ports.join(settings(echo).withEcho(true));
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> other.open(soon()))
          .withMessageContaining("echo")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS));
    }
  }
}
