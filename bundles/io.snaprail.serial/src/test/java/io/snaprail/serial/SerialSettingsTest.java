package io.snaprail.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.Rs485.Direction;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.StopBits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerialSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "300, 8, none, 1, none, 300 8N1, 33333333",
    "9600, 8, even, 1, none, 9600 8E1, 1145833",
    "19200, 8, none, 2, rts-cts, 19200 8N2 rts-cts, 572917",
    "38400, 7, odd, 1, xon-xoff, 38400 7O1 xon-xoff, 260417",
    "115200, 7, mark, 2, none, 115200 7M2, 95486",
    "600, 6, space, 2, none, 600 6S2, 16666667",
    "1200, 5, none, 1.5, none, 1200 5N1.5, 6250000",
    "921600, 8, NONE, 1, None, 921600 8N1, 10851",
  })
  void takesEveryLineThatAPortCanHave(
      int baud, int bits, String parity, String stop, String flow, String text, long nanos) {
    LineSettings line =
        new LineSettings(
            baud, bits, Parity.parse(parity), StopBits.parse(stop), FlowControl.parse(flow));
    assertThat(line).hasToString(text);
    assertThat(line.characterNanos()).isEqualTo(nanos);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "299    | 8 | none   | 1   | none | baud: expected 300..921600, found 299",
        "921601 | 8 | none   | 1   | none | baud: expected 300..921600, found 921601",
        "9600   | 4 | none   | 1   | none | data.bits: expected 5..8, found 4",
        "9600   | 9 | none   | 1   | none | data.bits: expected 5..8, found 9",
        "9600 | 8 | often | 1 | none | parity: expected none, even, odd, mark, space, found"
            + " 'often'",
        "9600   | 8 | none   | 3   | none | stop.bits: expected 1, 1.5, 2, found '3'",
        "9600 | 8 | none | 1.5 | none | stop.bits: expected 1 or 2 with data.bits 8, found 1.5",
        "9600 | 5 | none | 2   | none | stop.bits: expected 1 or 1.5 with data.bits 5, found 2",
        "9600 | 8 | none | 1 | dsr | flow.control: expected none, rts-cts, xon-xoff, found 'dsr'",
      })
  void namesKeyExpectedAndFound(
      int baud, int bits, String parity, String stop, String flow, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new LineSettings(
                    baud,
                    bits,
                    Parity.parse(parity),
                    StopBits.parse(stop),
                    FlowControl.parse(flow)))
        .withMessage(message);
  }

  @Test
  void tellsPathsNamesAndServersApart() {
    assertThat(SerialAddress.parse(" /dev/ttyUSB0 "))
        .isEqualTo(new SerialAddress.Local("/dev/ttyUSB0"));
    assertThat(SerialAddress.parse("usb-FTDI_FT232R_A1-if00-port0"))
        .isEqualTo(new SerialAddress.Local("usb-FTDI_FT232R_A1-if00-port0"));
    assertThat(SerialAddress.parse("TCP://Moxa-1:4001"))
        .isEqualTo(new SerialAddress.Tcp("moxa-1", 4001))
        .hasToString("tcp://moxa-1:4001");
    assertThat(SerialAddress.parse("rfc2217://10.0.0.5:2217"))
        .isEqualTo(new SerialAddress.Rfc2217("10.0.0.5", 2217));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "../dev/ttyS0",
        "serial/by-id/x",
        "tcp://host",
        "tcp://host:0",
        "tcp://host:65536",
        "tcp://host:1/x",
        "tcp://user@host:1",
        "udp://host:1",
        "rfc2217://:1",
        "tcp://a b:1",
        "a\u0000"
      })
  void refusesWhatIsNoPort(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SerialAddress.parse(port))
        .withMessageStartingWith("port: expected ");
  }

  @Test
  void refusesSettingsThatContradictEachOther() {
    Rs485 rts = new Rs485(Direction.parse("rts"), true, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SerialSettings.of("tcp://host:1", 9600).with(rts))
        .withMessageStartingWith("rs485.direction: expected none with tcp://host:1, found rts");
    LineSettings hardware =
        new LineSettings(9600, 8, Parity.NONE, StopBits.ONE, FlowControl.RTS_CTS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SerialSettings.of("/dev/ttyS1", 9600).with(hardware).with(rts))
        .withMessageStartingWith(
            "flow.control: expected none or xon-xoff with rs485.direction rts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rs485(Direction.DRIVER, true, 0, 101))
        .withMessage("rs485.delay.after.ms: expected 0..100, found 101");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Direction.parse("auto"))
        .withMessage("rs485.direction: expected none, driver, rts, found 'auto'");
  }
}
