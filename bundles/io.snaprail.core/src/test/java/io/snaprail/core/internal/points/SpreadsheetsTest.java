package io.snaprail.core.internal.points;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.PointDefinition;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps as spreadsheets of several countries write them. */
class SpreadsheetsTest {
  @TempDir private Path folder;

  private RegisterMap bytes(byte[] bytes) throws Exception {
    Path file = folder.resolve("m.csv");
    Files.write(file, bytes);
    return RegisterMap.read(file, "m.csv");
  }

  private static PointDefinition only(RegisterMap map) {
    assertThat(map.errors()).isEmpty();
    assertThat(map.points()).hasSize(1);
    return map.points().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void takesTheLineEndsOfEverySystem(String end) {
    String text =
        String.join(end, "# title: t", "", "name,address,type,description", "a,1,int16,d", "b,2")
            + end;
    RegisterMap map = RegisterMap.parse(text, "m.csv");
    assertThat(map.points())
        .singleElement()
        .extracting(PointDefinition::description)
        .isEqualTo("d");
    assertThat(map.errors()).singleElement().asString().startsWith("m.csv:5: column 'type'");
    assertThat(map.notes().title()).isEqualTo("t");
  }

  @Test
  void takesHeadsInAnyCaseWithBlanksAndEmptyColumnsAndRows() {
    RegisterMap map =
        RegisterMap.parse(
            "Name ,\u00a0ADDRESS,Type,Dead Band,,\r\na,1,int16,0.5,,\r\n,,,,,\r\n", "m.csv");
    assertThat(only(map).deadband()).isEqualTo(0.5);
  }

  @Test
  void namesAFieldUnderAnEmptyHead() {
    assertThat(RegisterMap.parse("name,address,type,\na,1,int16,x\n", "m.csv").errors())
        .singleElement()
        .asString()
        .startsWith("m.csv:2: expected at most 3 columns, found 'x' in column 4");
  }

  @Test
  void readsNonBreakingBlanksAsBlanks() {
    PointDefinition point =
        only(
            RegisterMap.parse(
                "name,address,type,period,unit\n"
                    + "\u00a0a,holding:1\u00a0,int16\u202f,10\u00a0s,m³/h\u200b\n",
                "m.csv"));
    assertThat(point.address()).isEqualTo("holding:1");
    assertThat(point.type()).isEqualTo("int16");
    assertThat(point.period()).hasSeconds(10);
    assertThat(point.unit()).isEqualTo("m³/h");
  }

  @Test
  void keepsLineBreaksInQuotesAndCountsThem() {
    RegisterMap map =
        RegisterMap.parse(
            "name,address,type,description\r\na,1,int16,\"one\r\ntwo\"\r\nb,2\r\n", "m.csv");
    assertThat(map.points().get(0).description()).isEqualTo("one\r\ntwo");
    assertThat(map.errors()).singleElement().asString().startsWith("m.csv:4:");
  }

  @Test
  void takesTheSeparatorLineOfASpreadsheet() {
    assertThat(
            only(RegisterMap.parse(
                    "sep=;\r\nname;address;type;scale\r\na;1;int16;0,1\r\n", "m.csv"))
                .scale())
        .isEqualTo("0.1");
  }

  /** A spreadsheet puts comments with commas into quotes, and fills them up with delimiters. */
  @Test
  void readsCommentsThatASpreadsheetHasSaved() {
    RegisterMap map =
        RegisterMap.parse(
            "\"# title: Meter, 3 phases\";;\n# Source: Manual v2;;\n\"#note: set \"\"this\"\"\"\n"
                + "#note:that;;\nname;address;type\na;1;int16\n",
            "m.csv");
    only(map);
    assertThat(map.notes().title()).isEqualTo("Meter, 3 phases");
    assertThat(map.notes().source()).isEqualTo("Manual v2");
    assertThat(map.notes().notes()).containsExactly("set \"this\"", "that");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "; | 0,1 | 0.1",
        "; | 0.1 | 0.1",
        "; | -0,001 | -0.001",
        "; | 0.001 | 0.001",
        "; | 1,000 | 1.000",
        "; | 1,5E-3 | 0.0015",
        "; | \u2212 5 | error",
        "; | \u22125 | -5",
        "; | 1.000,5 | error",
        "; | 1.000 | error",
        "; | 1 000 | error",
        "TAB | 1,25 | 1.25",
        "TAB | 1.25 | 1.25",
        "TAB | 1,250 | error",
        "TAB | 1.250 | error",
        ", | 1.000 | 1.000",
        ", | \"0,1\" | error",
        ", | \"1,000.5\" | error",
        ", | 1'000 | error",
        ", | 01. Mai | error",
        ", | 0x10 | error",
        ", | NaN | error",
      })
  void readsANumberOrSaysWhyNot(String delimiter, String text, String expected) {
    String between = delimiter.equals("TAB") ? "\t" : delimiter;
    RegisterMap map =
        RegisterMap.parse(
            String.join(between, "name", "address", "type", "offset")
                + "\n"
                + String.join(between, "a", "1", "int16", text),
            "m.csv");
    if (expected.equals("error")) {
      assertThat(map.errors())
          .singleElement()
          .asString()
          .startsWith("m.csv:2: column 'offset': expected a decimal number such as 0.1, found '");
    } else {
      assertThat(only(map).offset()).isEqualTo(new BigDecimal(expected));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "; | 1.000,5 | '1.000,5'; leave the thousands separators out",
        "; | 1.000 | '1.000', which may be 1000 or 1: write it without separators, or with another"
            + " number of decimals",
        "; | 1.250 | '1.250', which may be 1250 or 1.250: write it without separators, or with"
            + " another number of decimals",
        "; | 01. Mai | '01. Mai'; a spreadsheet may have made a date of it: let its column be text",
        ", | \"0,1\" | '0,1'; a decimal comma is read only in files with semicolons or tabs between"
            + " the columns",
      })
  void saysWhyANumberIsRefused(String delimiter, String text, String message) {
    RegisterMap map =
        RegisterMap.parse(
            String.join(delimiter, "name", "address", "type", "scale")
                + "\n"
                + String.join(delimiter, "a", "1", "int16", text),
            "m.csv");
    assertThat(map.errors()).singleElement().asString().endsWith("found " + message);
  }

  private static final String DEGREES = "name\taddress\ttype\tunit\r\na\t1\tint16\t°C\r\n";

  /** What Excel calls "Unicode text" is UTF-16 with a byte order mark and tabs. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void readsUnicodeWithAByteOrderMark(String charset) throws Exception {
    assertThat(only(bytes(("\uFEFF" + DEGREES).getBytes(Charset.forName(charset)))).unit())
        .isEqualTo("°C");
  }

  @Test
  void refusesOtherEncodingsAndSaysWhatToDo() throws Exception {
    assertThat(bytes(DEGREES.getBytes(Charset.forName("windows-1252"))).errors())
        .containsExactly(
            "m.csv:2: is not UTF-8: found byte 0xB0, which is '°' in Windows-1252; save it as \"CSV"
                + " UTF-8\"");
    assertThat(bytes(DEGREES.getBytes(StandardCharsets.UTF_16LE)).errors())
        .containsExactly("m.csv: is no text, or UTF-16 without its mark; save it as \"CSV UTF-8\"");
    byte[] cut = ("\uFEFF" + DEGREES).getBytes(StandardCharsets.UTF_16LE);
    assertThat(bytes(Arrays.copyOf(cut, cut.length - 1)).errors())
        .singleElement()
        .asString()
        .contains("is damaged UTF-16");
  }

  /** What was read wrongly before it came here must not go to the cloud like that. */
  @Test
  void refusesAFieldThatWasReadInAWrongEncodingBefore() throws Exception {
    String twice = new String(DEGREES.getBytes(StandardCharsets.UTF_8), "windows-1252");
    assertThat(RegisterMap.parse(twice, "m.csv").errors())
        .containsExactly(
            "m.csv:2: column 'unit': found 'Â°C': it was '°C' once, and was read in a wrong"
                + " encoding: put it right and save it as \"CSV UTF-8\"");
    assertThat(RegisterMap.parse(DEGREES.replace('°', '\ufffd'), "m.csv").errors())
        .singleElement()
        .asString()
        .startsWith("m.csv:2: column 'unit': found '\ufffdC': a character was lost");
    assertThat(RegisterMap.parse("ï»¿" + DEGREES, "m.csv").errors())
        .singleElement()
        .asString()
        .contains("was read in a wrong encoding");
  }

  @Test
  void whatIsWrittenReadsAsTheSamePoints() {
    RegisterMap map =
        RegisterMap.parse(
            String.join(",", RegisterMap.COLUMNS)
                + "\n"
                + "a,holding:1,int16,AB,0.10,-40,°C,rw,90s,1e-9,-10,9e20,\" \"\"x\"\",\r\n"
                + " y\"\n"
                + "b,coil:1,bool\n"
                + "c,\"string, (20)\",x,,1E+3,1e-7,,w,1500ms,12345678.9\n"
                + "d,4,x,,,,,,,,,,\"one\ntwo\"\n",
            "m.csv");
    assertThat(map.errors()).isEmpty();
    assertThat(map.points()).hasSize(4);
    String written = MapWriter.write("t", map.points());
    RegisterMap again = RegisterMap.parse(written, "m.csv");
    assertThat(again.errors()).isEmpty();
    assertThat(again.points())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
        .isEqualTo(map.points());
    assertThat(MapWriter.write("t", again.points())).isEqualTo(written);
  }
}
