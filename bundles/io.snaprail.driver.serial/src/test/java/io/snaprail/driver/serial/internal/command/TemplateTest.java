package io.snaprail.driver.serial.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.model.Value;
import io.snaprail.driver.serial.internal.checksum.Algorithm;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.checksum.Checksum.Form;
import io.snaprail.driver.serial.internal.framing.Escapes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  private static String sent(
      String template, String unit, @Nullable Value value, @Nullable Checksum checksum) {
    return Escapes.shown(Template.parse("request", template, checksum).bytes(unit, value));
  }

  @Test
  void putsTextControlCharactersAndTheUnitTogether() {
    assertThat(sent("<STX>${unit:%02d}R\\r\\n", "7", null, null)).isEqualTo("\\x0207R\\r\\n");
    assertThat(sent("*IDN?\\n", "", null, null)).isEqualTo("*IDN?\\n");
    assertThat(sent("${unit}:°", "A", null, null)).isEqualTo("A:\\xC2\\xB0");
  }

  @ParameterizedTest
  @CsvSource({
    "${value}, 21.50, 21.5",
    "${value:%07.2f}, -3.14159, -003.14",
    "${value:%+d}, 5, +5",
    "${value:%04X}, 255, 00FF",
    "${value:%5s}, 1.5, '  1.5'"
  })
  void formatsValuesTheSameInEveryLocale(String template, double value, String expected) {
    Value raw = value == Math.rint(value) ? new Value.Int((long) value) : new Value.Float64(value);
    assertThat(sent(template, "", raw, null)).isEqualTo(expected);
  }

  /** The query of NMEA receivers by MediaTek: xor over what stands between '$' and '*'. */
  @Test
  void fillsTheChecksumIn() {
    Checksum nmea = new Checksum(Algorithm.XOR, 1, -5, -4, Form.HEX);
    assertThat(sent("$PMTK220,1000*${checksum}\\r\\n", "", null, nmea))
        .isEqualTo("$PMTK220,1000*1F\\r\\n");
    Checksum crc = new Checksum(Algorithm.CRC16_MODBUS, 0, 0, -2, Form.LITTLE);
    assertThat(sent("\\x01\\x03\\0\\0\\0\\x01${checksum}", "", null, crc))
        .isEqualTo("\\x01\\x03\\x00\\x00\\x00\\x01\\x84\\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${units}|request: expected ${unit}, ${value} or ${checksum}",
        "${value:%n}|request: expected ${unit}, ${value} or ${checksum}",
        "${value:%99999999f}|request: expected ${unit}, ${value} or ${checksum}",
        "${checksum}|request: ${checksum} needs the setting 'checksum', found none",
        "\\x0|request: expected \\r, \\n, \\t"
      })
  void namesWhatIsWrongWithATemplate(String template, String message) {
    assertThatThrownBy(() -> Template.parse("request", template, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource({
    "${value:uint8}, 255, \\xFF",
    "${value:int16}, -2, \\xFF\\xFE",
    "${value:uint16-little}, 258, \\x02\\x01",
    "${value:uint32}, 4294967295, \\xFF\\xFF\\xFF\\xFF",
    "${value:float32}, 1.5, ?\\xC0\\x00\\x00"
  })
  void writesNumbersAsBytes(String template, String value, String expected) {
    assertThat(sent(template, "", new Value.Text(value), null)).isEqualTo(expected);
  }

  @Test
  void anAddressMayBeAByte() {
    assertThat(sent("${unit:uint8}?", "17", null, null)).isEqualTo("\\x11?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${value:uint8}|256|set: expected a whole number of 0..255 (uint8) as value, found '256'",
        "${value:int8}|1.5|set: expected a whole number of -128..127 (int8) as value, found '1.5'",
        "${value:float32}|1e99|set: expected a number that a float32 can hold as value, found"
            + " '1e99'"
      })
  void namesANumberThatHasNoPlace(String template, String value, String message) {
    assertThatThrownBy(() -> Template.parse("set", template, null).bytes("", new Value.Text(value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** Else whoever may write a name could send any command. */
  @Test
  void aValueCannotEndTheCommand() {
    Template name = Template.parse("set", "NAME ${value}\\r", null);
    assertThatThrownBy(() -> name.bytes("", new Value.Text("x\rRESET")))
        .hasMessage("set: expected a value without control characters, found 'x\\rRESET'");
  }

  @Test
  void namesAValueThatDoesNotFitItsFormat() {
    Template whole = Template.parse("set", "${value:%d}", null);
    assertThatThrownBy(() -> whole.bytes("", new Value.Float64(1.5)))
        .hasMessage("set: the format '%d' does not fit the value '1.5'");
    assertThatThrownBy(() -> whole.bytes("", null))
        .hasMessage("set: ${value} is for commands that write, not here");
  }
}
