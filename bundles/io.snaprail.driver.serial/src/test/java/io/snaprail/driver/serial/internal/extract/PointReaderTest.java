package io.snaprail.driver.serial.internal.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.Sink;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.framing.Frame;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointReaderTest {
  private static final Pattern SCALE =
      Pattern.compile("(?<state>ST|US),(?<kind>GS|NT),(?<weight>[+-] *[0-9.]+) *(?<unit>kg|g)");
  private static final Syntax SYNTAX = new Syntax(",;", "=:", false, SCALE);

  /** What came, as a text with its kind. */
  private static final class Heard implements Sink {
    String text = "nothing";

    @Override
    public void bool(int index, boolean raw) {
      text = "bool " + raw;
    }

    @Override
    public void integer(int index, long raw) {
      text = "int " + raw;
    }

    @Override
    public void float32(int index, float raw) {
      text = "f32 " + raw;
    }

    @Override
    public void float64(int index, double raw) {
      text = "f64 " + raw;
    }

    @Override
    public void text(int index, String raw) {
      text = "text " + raw;
    }

    @Override
    public void bad(int index, String reason) {
      text = "bad " + reason;
    }

    @Override
    public void sourceTime(int index, Instant time) {}
  }

  private static String read(String content, String address, String type, Syntax syntax) {
    byte[] bytes = Escapes.bytes("test", content);
    Heard heard = new Heard();
    PointReader.of(PointAddress.parse(address), type, "", syntax)
        .deliver(new Frame(bytes, 0, bytes.length), 0, heard);
    return heard.text;
  }

  private static String read(String content, String address, String type) {
    return read(content, address, type, SYNTAX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "21.5|text|number|f64 21.5",
        "0|text|number|int 0",
        "-0007|text|number|int -7",
        "+ 12.50|text|number|f64 12.5",
        "1e3|text|number|f64 1000.0",
        "9223372036854775807|text|number|int 9223372036854775807",
        "9223372036854775808|text|number|f64 9.223372036854776E18",
        "a,0,c|column:2|number|int 0",
        "a,,c|column:2|number|bad the device gave no value: the field is empty",
        "a,b|column:3|number|bad the frame has 2 columns, expected 3 or more",
        "ABC123XYZ|chars:4..6|number|int 123",
        "AB|chars:1..3|text|bad the frame has 2 characters, expected 3 or more",
        "T=21.5;RH=40|key:T|number|f64 21.5",
        "RT=1,T = 2|key:T|number|int 2",
        "T:5 C|key:T|number|int 5",
        "RH=40|key:T|number|bad the frame has no 'T'",
        "ST,GS,+  12.340 kg|group:weight|number|f64 12.34",
        "ST,GS,+  12.340 kg|group:unit|text|text kg",
        "garbage|group:weight|number|bad the frame does not match the pattern",
        "{\"s\":[{\"t\":0}]}|json:s[0].t|number|int 0",
        "{\"on\":true}|json:on|bool(true,false)|bool true",
        "{\"s\":[]}|json:s[0].t|number|bad the JSON text has no s[0].t",
        "{\"s\":null}|json:s|number|bad the JSON text has no s",
        "{|json:s|number|bad the frame is no JSON text",
        "ON|text|bool(ON,OFF)|bool true",
        "OFF|text|bool(ON,OFF)|bool false",
        "on|text|bool(ON,OFF)|bad expected ON or OFF, found 'on'",
        "1F|text|hex|int 31",
        "1G|text|hex|bad expected 1..15 hexadecimal digits, found '1G'",
        "9999|text|number!9999!----|bad the device gave '9999', which means that it has no value",
        "----|text|number!9999!----|bad the device gave '----', which means that it has no value",
        "86|text|number(-40..85)|bad expected a number of -40..85, found '86'",
        "85.0|text|number(-40..85)|f64 85.0",
        "21.5C|text|number|bad expected a number, found '21.5C'",
        "1,5|text|number|bad expected a number, found '1,5'",
        "-.25|text|number|f64 -0.25",
        "NaN|text|number|bad expected a number, found 'NaN'",
        "inf|text|number|bad expected a number, found 'inf'",
        "1E400|text|number|bad expected a number below 1.8E308, found '1E400'",
        "' '|text|number|bad the device gave no value: the field is empty",
        "+9.90000000E+37|text|number!9.9E37|bad the device gave '+9.90000000E+37', which means that"
            + " it has no value",
        "\"a,\"\"b\",5|column:1|text|text a,\"b",
        "\"a,b\",5|column:2|number|int 5",
        "\"a\"b,5|column:1|text|text \"a\"b",
        "\"a,5|column:2|number|int 5",
        "{t:1}|json:t|number|bad the frame is no JSON text",
        "{\"t\":1}x|json:t|number|bad the frame is no JSON text",
        "{\"t\":NaN}|json:t|number|bad the frame is no JSON text",
        "{\"t\":-0.5}|json:t|number|f64 -0.5",
        "0x10|text|number|bad expected a number, found '0x10'",
        "--5|text|number|bad expected a number, found '--5'",
      })
  void takesValuesOutOfTexts(String content, String address, String type, String expected) {
    assertThat(read(content, address, type)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,5|f64 1.5",
        "0,0|f64 0.0",
        "15|int 15",
        "1.500,5|bad expected a number with a decimal comma, found '1.500,5'",
        "1.5|bad expected a number with a decimal comma, found '1.5'"
      })
  void aDecimalCommaIsASettingAndNoGuess(String content, String expected) {
    assertThat(read(content, "text", "number", new Syntax(";", "=", true, null)))
        .isEqualTo(expected);
  }

  /** The example of the GPS receiver manuals: 48 degrees 07.038' north, 11 degrees 31.000' east. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GPGGA,1,4807.038,N,01131.000,E|angle:3|f64 48.1173",
        "GPGGA,1,4807.038,N,01131.000,E|angle:5|f64 11.516666667",
        "GPGGA,1,4807.038,S,01131.000,W|angle:5|f64 -11.516666667",
        "GPGGA,1,0000.000,S,00000.000,W|angle:3|f64 0.0",
        "GPGGA,1,,,,|angle:3|bad the device gave no value: the field is empty",
        "GPGGA,1,4861.0,N|angle:3|bad expected an angle of at most 90 degrees and less than 60"
            + " minutes, found '4861.0'",
        "GPGGA,1,9100.0,N|angle:3|bad expected an angle of at most 90 degrees and less than 60"
            + " minutes, found '9100.0'",
        "GPGGA,1,4807.038,X|angle:3|bad expected degrees and minutes such as 4807.038 and N, S, E"
            + " or W, found '4807.038' and 'X'"
      })
  void readsAnglesOfNmea(String content, String address, String expected) {
    assertThat(read(content, address, "number")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes:0, uint8, , int 255",
    "bytes:0, int8, , int -1",
    "bytes:1, uint16, big, int 258",
    "bytes:1, uint16, little, int 513",
    "bytes:-4, float32, big, f32 1.5",
    "bytes:0, int16, big, int -255",
    "bytes:1.0, bool, , bool true",
    "bytes:1.1, bool, , bool false",
    "bytes:0, uint24, big, int 16711938",
    "bytes:0, int24, big, int -65278",
    "bytes:1, bcd16, , int 102",
    "bytes:2, bcd16, big, 'bad expected decimal digits of four bits, found 0x23f'",
    "bytes:0, uint8!0xFF, , 'bad the device gave 0xff, which means that it has no value'",
    "bytes:6, uint16, , 'bad the frame has 7 bytes, expected a uint16 at 6'",
    "bytes:-8, uint8, , 'bad the frame has 7 bytes, expected a uint8 at -8'"
  })
  void takesNumbersOutOfBytes(String address, String type, String order, String expected) {
    byte[] bytes = {-1, 1, 2, 0x3f, (byte) 0xc0, 0, 0};
    Heard heard = new Heard();
    PointReader.of(PointAddress.parse(address), type, order == null ? "" : order, SYNTAX)
        .deliver(new Frame(bytes, 0, 7), 0, heard);
    assertThat(heard.text).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colum:1|number||address 'colum:1': expected text, chars:A..B, column:N",
        "column:0|number||address 'column:0': expected the number of a column, counted from 1",
        "group:nope|number||address 'group:nope': expected a group of the pattern",
        "json:a..b|number||address 'json:a..b': expected a path",
        "chars:3..1|number||address 'chars:3..1': expected the first and the last character",
        "bytes:x|uint8||address 'bytes:x': expected bytes:N",
        "bytes:1|number||type 'number': expected int8, uint8",
        "bytes:1|uint16!9999||type 'uint16!9999': expected behind ! the bytes that mean no value",
        "text if (){2147483647}|number||address: if: expected groups that are repeated",
        "text if ((a){999}){999}|number||address: if: expected groups that are repeated",
        "bytes:1|uint16|middle|order 'middle': expected big or little",
        "text|int16||type 'int16': expected number",
        "text|number(5)||type 'number(5)': expected the least and the greatest number",
        "text|bool||type 'bool': expected two texts",
        "text|number|big|order 'big': a text has none",
        "text if (|number||address: if: expected a regular expression, found '('",
        "text if a if b|number||address 'text if a if b': expected 'if' once"
      })
  void namesWhatIsWrongWithAPoint(String address, String type, String order, String message) {
    assertThatThrownBy(
            () ->
                PointReader.of(
                    PointAddress.parse(address), type, order == null ? "" : order, SYNTAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void anAddressHasItsClauses() {
    assertThat(PointAddress.parse("column:2 ask MEAS?\\n if ^V set V ${value}\\n"))
        .isEqualTo(new PointAddress("column:2", "MEAS?\\n", "^V", "V ${value}\\n"));
    assertThat(PointAddress.parse("set T\\r")).isEqualTo(new PointAddress("", "", "", "T\\r"));
  }

  @Test
  void aPointIsOnlyInFramesThatItsConditionMatches() {
    PointReader rmc =
        PointReader.of(PointAddress.parse("column:8 if ^G.RMC,"), "number", "", SYNTAX);
    byte[] gga = "GPGGA,1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] right = "GNRMC,1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(rmc.isIn(new Frame(gga, 0, 7))).isFalse();
    assertThat(rmc.isIn(new Frame(right, 0, 7))).isTrue();
  }
}
