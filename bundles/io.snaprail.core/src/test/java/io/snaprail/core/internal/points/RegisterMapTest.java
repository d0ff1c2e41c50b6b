package io.snaprail.core.internal.points;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterMapTest {
  private static final String HEADER = String.join(",", RegisterMap.COLUMNS);

  @Test
  void readsEveryColumn() {
    RegisterMap map =
        RegisterMap.parse(
            HEADER
                + "\nboiler.temp,holding:100,int16,AB,0.1,-40,°C,rw,5s,0.5,-10,90.5,"
                + "\"Flow, \"\"primary\"\"\"\n",
            "maps/a.csv");
    assertThat(map.errors()).isEmpty();
    PointDefinition point = map.points().get(0);
    assertThat(point.name()).isEqualTo("boiler.temp");
    assertThat(point.address()).isEqualTo("holding:100");
    assertThat(point.order()).isEqualTo("AB");
    assertThat(point.scale()).isEqualTo(new BigDecimal("0.1"));
    assertThat(point.offset()).isEqualTo(new BigDecimal("-40"));
    assertThat(point.unit()).isEqualTo("°C");
    assertThat(point.access()).isEqualTo(Access.READ_WRITE);
    assertThat(point.period()).isEqualTo(Duration.ofSeconds(5));
    assertThat(point.deadband()).isEqualTo(0.5);
    assertThat(point.min()).isEqualTo(new BigDecimal("-10"));
    assertThat(point.max()).isEqualTo(new BigDecimal("90.5"));
    assertThat(point.description()).isEqualTo("Flow, \"primary\"");
    assertThat(point.origin().toString()).isEqualTo("maps/a.csv:2");
  }

  @Test
  void readsWhatASpreadsheetOfACommaCountryWrites() {
    RegisterMap map =
        RegisterMap.parse("\uFEFFname;address;type;scale\r\na;holding:1;int16;0,1\r\n", "m.csv");
    assertThat(map.errors()).isEmpty();
    assertThat(map.points().get(0).scale()).isEqualTo(new BigDecimal("0.1"));
  }

  @Test
  void takesColumnsInAnyOrderAndLeavesOutBlankAndCommentLines() {
    RegisterMap map =
        RegisterMap.parse("type,name,address\n\n# meters\nint16,a,holding:1\n,,\n", "m.csv");
    assertThat(map.errors()).isEmpty();
    assertThat(map.points()).extracting(PointDefinition::name).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a b,holding:1,int16|m.csv:2: column 'name': expected 1..64 letters, digits, '_', '-' or"
            + " '.', found 'a b'",
        "a,,int16|m.csv:2: column 'address': expected a value, found nothing",
        "a,holding:1,int16,,x|m.csv:2: column 'scale': expected a decimal number such as 0.1, found"
            + " 'x'",
        "a,holding:1,int16,,0|m.csv:2: column 'scale': expected a number other than 0, found '0'",
        "a,holding:1,int16,,1e999|m.csv:2: column 'scale': expected a decimal number such as 0.1,"
            + " found '1e999'",
        "a,holding:1,int16,,,,,x|m.csv:2: column 'access': expected r, w or rw, found 'x'",
        "a,holding:1,int16,,,,,r,5ms|m.csv:2: column 'period': expected 10 ms to 31 d, such as 500,"
            + " 500ms, 10s, 5m, 1h or 1d, found '5ms'",
        "a,holding:1,int16,,,,,r,,-1|m.csv:2: column 'deadband': expected 0 or above, found '-1'",
        "a,holding:1,int16,,,,,r,,,5,1|m.csv:2: min 5 of point 'a' is above its max 1",
        "a,holding:1,int16,,,,,r,,,,,d,x|m.csv:2: expected at most 13 columns, found 'x' in column"
            + " 14; a field that holds a delimiter must be in double quotes",
      })
  void namesFileLineColumnExpectedAndFound(String row, String message) {
    RegisterMap map = RegisterMap.parse(HEADER + "\n" + row + "\nok,holding:9,int16\n", "m.csv");
    assertThat(map.errors()).containsExactly(message);
    // A bad row never takes the others with it.
    assertThat(map.points()).extracting(PointDefinition::name).containsExactly("ok");
  }

  @Test
  void namesBothPlacesOfADuplicate() {
    RegisterMap map =
        RegisterMap.parse("name,address,type\na,holding:1,int16\na,holding:2,int16\n", "m.csv");
    assertThat(map.points()).hasSize(1);
    assertThat(map.errors())
        .containsExactly(
            "m.csv:3: duplicate point 'a': it is already defined at m.csv:2; give one of them"
                + " another name");
  }

  @Test
  void finalLineOfAnUnclosedQuoteIsNamed() {
    assertThat(RegisterMap.parse("name,address,type\n\"a,holding:1,int16\n", "m.csv").errors())
        .containsExactly("m.csv:2: a quoted field is never closed: expected '\"'");
  }

  @Test
  void refusesUnknownAndMissingColumns() {
    assertThat(RegisterMap.parse("name,adress,type\n", "m.csv").errors().get(0))
        .startsWith("m.csv:1: unknown column 'adress'; known are [name, address,");
    assertThat(RegisterMap.parse("name,type\n", "m.csv").errors())
        .containsExactly("m.csv:1: column 'address' is missing; found [name, type]");
    assertThat(RegisterMap.parse("", "m.csv").errors().get(0)).startsWith("m.csv: is empty");
  }

  @Test
  void readsInlineRowsAndNamesTheirPlace() {
    RegisterMap map =
        RegisterMap.inline(
            List.of("a,holding:1,int16", "b,holding:2,int16,,zero"), "config/x.json", "points");
    assertThat(map.points()).extracting(PointDefinition::name).containsExactly("a");
    assertThat(map.errors())
        .containsExactly(
            "config/x.json: points[2]: column 'scale': expected a decimal number such as 0.1,"
                + " found 'zero'");
  }

  @Test
  void saysHowToSaveAFileThatIsNotUtf8(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("m.csv");
    Files.write(
        file,
        "name,address,type,unit\na,holding:1,int16,°C\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(RegisterMap.read(file, "maps/m.csv").errors())
        .containsExactly(
            "maps/m.csv:2: is not UTF-8: found byte 0xB0, which is '°' in Windows-1252; save it as"
                + " \"CSV UTF-8\"");
    assertThat(RegisterMap.read(folder.resolve("none.csv"), "maps/none.csv").errors())
        .containsExactly("maps/none.csv: cannot be read: there is no such file");
  }

  @Test
  void takesAnyTextInAComment() {
    RegisterMap map =
        RegisterMap.parse(
            "\uFEFF# by hand; \"as built\n  # a, \"b\" c\nname,address,type\na,holding:1\n",
            "m.csv");
    assertThat(map.errors()).singleElement().asString().startsWith("m.csv:4: column 'type'");
  }

  @Test
  void deadbandsOfTheDeviceTakeThePlaceOfThoseOfTheRows() {
    RegisterMap map =
        RegisterMap.parse("name,address,type,deadband\na,1,int16,2\nb,2,int16,3\n", "m.csv")
            .withDeadbands(Map.of("a", 0.5, "c", 1.0), "pid~x");
    assertThat(map.points()).extracting(PointDefinition::deadband).containsExactly(0.5, 3.0);
    assertThat(map.errors()).containsExactly("pid~x: deadbands: there is no point 'c'");
  }
}
