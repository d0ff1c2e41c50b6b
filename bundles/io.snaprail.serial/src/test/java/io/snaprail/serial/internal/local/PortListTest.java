package io.snaprail.serial.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports of a machine, laid out as Linux lays them out. */
class PortListTest {
  private static final String ID = "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0";

  @TempDir Path folder;
  private Path system;
  private Path devices;
  private PortList list;

  @BeforeEach
  void plugIn() throws IOException {
    Path root = folder.toRealPath();
    system = root.resolve("sys");
    devices = root.resolve("dev");
    list = new PortList(system, devices);
    Path usb = Files.createDirectories(system.resolve("devices/usb1/1-1"));
    write(usb, "idVendor", "0403");
    write(usb, "idProduct", "6001");
    write(usb, "manufacturer", "FTDI");
    write(usb, "product", "FT232R USB UART");
    write(usb, "serial", "A50285BI");
    Path port = Files.createDirectories(usb.resolve("1-1:1.0/ttyUSB0"));
    write(port, "latency_timer", "16");
    driver(port, "ftdi_sio");
    tty("ttyUSB0", port);
    Path board = Files.createDirectories(system.resolve("devices/platform/serial8250"));
    driver(board, "serial8250");
    write(tty("ttyS0", board), "type", "4");
    write(tty("ttyS1", board), "type", "0");
    Files.createDirectories(system.resolve("class/tty/tty1"));
    device("ttyUSB0");
    device("ttyS0");
    link("by-id", ID, "ttyUSB0");
    link("by-path", "pci-0000:00:14.0-usb-0:1:1.0-port0", "ttyUSB0");
    link("by-id", "usb-Gone-if00", "ttyUSB9");
  }

  private static void write(Path folder, String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text + "\n");
  }

  private void driver(Path device, String name) throws IOException {
    Path driver = Files.createDirectories(system.resolve("bus/drivers").resolve(name));
    Files.createSymbolicLink(device.resolve("driver"), driver);
  }

  private Path tty(String name, Path device) throws IOException {
    Path tty = Files.createDirectories(system.resolve("class/tty").resolve(name));
    Files.createSymbolicLink(tty.resolve("device"), device);
    return tty;
  }

  private void device(String name) throws IOException {
    Files.createDirectories(devices);
    Files.writeString(devices.resolve(name), "");
  }

  private void link(String kind, String name, String target) throws IOException {
    Path links = Files.createDirectories(devices.resolve("serial").resolve(kind));
    Files.createSymbolicLink(links.resolve(name), Path.of("../..").resolve(target));
  }

  @Test
  void listsPortsThatExistWithTheNamesThatStay() {
    assertThat(list.entries())
        .extracting(PortList.Entry::name)
        .containsExactly(devices.resolve("ttyS0").toString(), devices + "/serial/by-id/" + ID);
  }

  @Test
  void describesAnAdapterAndItsLatency() {
    PortList.Entry entry = list.entry(devices.resolve("ttyUSB0"));
    assertThat(entry.description()).isEqualTo("FTDI FT232R USB UART A50285BI (USB 0403:6001)");
    assertThat(entry.latencyMs()).isEqualTo(16);
    assertThat(entry.aliases()).hasSize(2).first().asString().contains("by-id");
    assertThat(list.entry(devices.resolve("ttyS0")).description()).isEqualTo("serial8250");
  }

  @Test
  void findsADeviceByEachOfItsNamesAndWhereItHasMovedTo() throws IOException {
    PortNames names = new PortNames(devices, list);
    Path device = devices.resolve("ttyUSB0");
    assertThat(names.find(ID)).contains(device);
    assertThat(names.find("pci-0000:00:14.0-usb-0:1:1.0-port0")).contains(device);
    assertThat(names.find("ttyUSB0")).contains(device);
    assertThat(names.find(devices + "/serial/by-id/" + ID)).contains(device);
    assertThat(names.find("usb-Gone-if00")).isEmpty();

    Files.delete(devices.resolve("serial/by-id").resolve(ID));
    device("ttyUSB3");
    link("by-id", ID, "ttyUSB3");
    assertThat(names.find(ID)).contains(devices.resolve("ttyUSB3"));
  }

  @Test
  void namesThePresentPortsWhenOneIsMissing() {
    PortNames names = new PortNames(devices, list);
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> names.require("ttyUSB7"))
        .withMessage(
            "ttyUSB7: there is no such port. Present are: %s/ttyS0, %s/serial/by-id/%s. Plug it in, or correct 'port'."
                .formatted(devices, devices, ID))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void namesTheGroupThatMayOpenThePort() throws IOException {
    // Every Linux has this device; on most it belongs to the group tty.
    Path tty = Path.of("/dev/tty");
    String group = Files.readAttributes(tty, PosixFileAttributes.class).group().getName();
    SerialException refused = PortNames.notPermitted("boiler", tty);
    assertThat(refused.kind()).isEqualTo(Kind.PERMISSION);
    assertThat(refused)
        .hasMessageContaining(
            "boiler: permission denied: the account '" + System.getProperty("user.name"))
        .hasMessageContaining("belongs to the group '" + group + "'");
  }
}
