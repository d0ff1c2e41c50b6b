package io.snaprail.storage.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.snaprail.storage.internal.config.Schema.Attribute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading and writing the text of one configuration (OSGi R8, section 150.3). */
class ConfigTextTest {
  private static final String PID = "a.b~c";

  private static Map<String, Object> read(String text, Schema schema) throws ConfigException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Checker.values(PID, ConfigDocument.parse(bytes), schema);
  }

  private static List<String> faults(String text, Schema schema) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> read(text, schema));
    assertThat(e).as(text).isNotNull();
    return e.faults().stream().map(fault -> fault.in("f")).toList();
  }

  private static Schema declare(String key, ValueType type) {
    return Schema.of(Map.of(key, new Attribute(type, text -> "")));
  }

  private static String write(Map<String, Object> values, String present, Schema schema)
      throws ConfigException {
    ConfigDocument document = ConfigDocument.parse(present.getBytes(StandardCharsets.UTF_8));
    return new String(ConfigWriter.write(values, document, schema), StandardCharsets.UTF_8);
  }

  static Stream<Arguments> plainValues() {
    return Stream.of(
        arguments("\"x\"", "x"),
        arguments("true", true),
        arguments("5", 5),
        arguments("-2147483648", Integer.MIN_VALUE),
        arguments("2147483648", 2_147_483_648L),
        arguments("5.0", 5.0),
        arguments("1e3", 1000.0),
        arguments("[]", new String[0]),
        arguments("[\"a\", \"b\"]", new String[] {"a", "b"}),
        arguments("[1, 2]", new Integer[] {1, 2}),
        arguments("[1, 3000000000]", new Long[] {1L, 3_000_000_000L}),
        arguments("[1, 2.5]", new Double[] {1.0, 2.5}),
        arguments("[false]", new Boolean[] {false}));
  }

  @ParameterizedTest
  @MethodSource("plainValues")
  void aPlainValueHasItsNaturalType(String json, Object expected) throws Exception {
    assertThat(read("{\"k\": " + json + "}", Schema.UNKNOWN)).containsEntry("k", expected);
  }

  static Stream<Arguments> everyType() {
    return Stream.of(
            "ä \"q\" \\ \n\t\u0001 😀 \uD800",
            "",
            true,
            (byte) -7,
            (short) 300,
            'c',
            5,
            5L,
            Long.MAX_VALUE,
            1.5f,
            0.1,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            1e300,
            new String[] {"a", "b, c"},
            new String[0],
            new Integer[0],
            new Integer[] {1, 2},
            new int[] {1, 2},
            new Long[] {1L},
            new long[] {1},
            new Short[] {1},
            new byte[] {1, -1},
            new char[] {'a'},
            new Character[] {'b'},
            new Float[] {1.5f, Float.NaN},
            new double[] {1, 2},
            new Double[] {1.0},
            new Boolean[] {true},
            new boolean[] {false, true},
            List.of("a"),
            List.of(1L, 2L))
        .map(Arguments::arguments);
  }

  @ParameterizedTest
  @MethodSource("everyType")
  void everyTypeSurvivesARoundTripWithoutAnyDeclaration(Object value) throws Exception {
    String text = write(Map.of("k", value), "{}", Schema.UNKNOWN);
    Object back = read(text, Schema.UNKNOWN).get("k");
    assertThat(back).as(text).isEqualTo(value);
    assertThat(ValueType.of(back)).isEqualTo(ValueType.of(value));
  }

  @Test
  void aKeyWithAColonComesBack() throws Exception {
    String text = write(Map.of("a:b", "x", "c:Long", 5), "{}", Schema.UNKNOWN);
    assertThat(text).contains("\"a:b:String\": \"x\"").contains("\"c:Long:Integer\": 5");
    assertThat(read(text, Schema.UNKNOWN)).isEqualTo(Map.of("a:b", "x", "c:Long", 5));
  }

  @Test
  void onlyWhatUtf8CannotHoldIsEscaped() throws Exception {
    assertThat(write(Map.of("k", "ä 😀 \uD800 \u0001 \" \\ \n"), "{}", Schema.UNKNOWN))
        .contains("\"ä 😀 \\ud800 \\u0001 \\\" \\\\ \\n\"");
  }

  @Test
  void aDeclaredTypeNeedsNoSuffixAndComesBack() throws Exception {
    Schema schema = declare("k", ValueType.scalar(ScalarType.LONG));
    String text = write(Map.of("k", 5L), "{}", schema);
    assertThat(text).isEqualTo("{\n  \"k\": 5\n}\n");
    assertThat(read(text, schema)).containsEntry("k", 5L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "{\"k:Long\": 5} => java.lang.Long",
        "{\"k:Double\": \"NaN\"} => java.lang.Double",
        "{\"k:int\": 5} => java.lang.Integer",
        "{\"k:int[]\": [5]} => [I",
        "{\"k:Character\": \"x\"} => java.lang.Character",
        "{\"k:Collection<Short>\": [1]} => java.util.ArrayList",
        "{\"k:Boolean\": \"true\"} => java.lang.Boolean",
      })
  void aSuffixNamesTheType(String text, String type) throws Exception {
    assertThat(read(text, Schema.UNKNOWN).get("k").getClass().getName()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "{\"k\": null} => f:1:7: key 'k': expected a text, number, boolean or an array of one of"
            + " these, found null",
        "{\"k\": {\"x\": 1}} => f:1:7: key 'k': expected a text, number, boolean or an array of one"
            + " of these, found an object",
        "{\"k\": [[1]]} => f:1:8: key 'k': expected a text, number, boolean or an array of one of"
            + " these, found an array",
        "{\"k\": [1, \"x\"]} => f:1:11: key 'k': expected items of one kind, like the first: a"
            + " whole number of -2147483648..2147483647, found the text \"x\"",
        "{\"k:Integer\": 3000000000} => f:1:15: key 'k': expected a whole number of"
            + " -2147483648..2147483647, found 3000000000",
        "{\"k:Foo\": 1} => f:1:2: expected a type such as Integer, Long, Double, Boolean or"
            + " String[] after ':' in the key, found 'k:Foo'",
        "{\"k\": 1, \"K\": 2} => f:1:10: expected each key once (case does not count), found 'K'"
            + " also in line 1",
        "{\"\": 1} => f:1:2: expected a key, found an empty one",
        "{\"service.pid\": \"x\"} => f:1:17: key 'service.pid': expected \"a.b~c\" as in the file's"
            + " name, found the text \"x\"",
        "{\"service.factoryPid\": \"x\"} => f:1:24: key 'service.factoryPid': expected \"a.b\" as"
            + " in the file's name, found the text \"x\"",
        "{\"k\": 99999999999999999999} => f:1:7: key 'k': expected a whole number of"
            + " -9223372036854775808..9223372036854775807, found 99999999999999999999",
        "{\"k\": 1e999} => f:1:7: key 'k': expected a number, found 1e999",
      })
  void whatIsNoConfigurationIsNamedWithItsPlace(String text, String expected) {
    assertThat(faults(text, Schema.UNKNOWN)).containsExactly(expected);
  }

  @Test
  void everyWrongValueIsNamedNotOnlyTheFirst() {
    Schema schema =
        Schema.of(
            Map.of(
                "port",
                new Attribute(ValueType.scalar(ScalarType.INTEGER), text -> ""),
                "hosts",
                new Attribute(ValueType.array(ScalarType.STRING), text -> ""),
                "speed",
                new Attribute(
                    ValueType.scalar(ScalarType.LONG),
                    text -> Long.parseLong(text) > 10 ? "greater than maximum" : "")));
    assertThat(faults("{\"port\": \"5\",\n\"hosts\": \"a\", \"speed\": 11}", schema))
        .containsExactly(
            "f:1:10: key 'port': expected a whole number of -2147483648..2147483647, found the text"
                + " \"5\"",
            "f:2:10: key 'hosts': expected an array, each item a text, found the text \"a\"",
            "f:2:24: key 'speed': the value 11 is refused: greater than maximum");
  }

  @Test
  void bytesThatAreNotUtf8AreNamedWithTheirPlace() {
    byte[] latin1 = "{\n  \"k\": \"gr\u00fcn\"\n}".getBytes(StandardCharsets.ISO_8859_1);
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> ConfigDocument.parse(latin1));
    assertThat(e.faults().get(0).in("f"))
        .isEqualTo("f:2:11: expected UTF-8 text, found the byte 0xFC");
  }

  @Test
  void aFileAboveTheLimitIsRefused() {
    byte[] large = new byte[ConfigDocument.MAX_BYTES + 1];
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> ConfigDocument.parse(large));
    assertThat(e.faults().get(0).in("f"))
        .isEqualTo("f: expected at most 1048576 bytes, found 1048577");
  }

  @Test
  void rewritingKeepsOrderCommentsAndUntouchedValues() throws Exception {
    String present =
        """
        // Boiler house
        {
          // where it is
          "z.host": "10.0.0.5", // by DHCP
          "a.period:Long":   500,
          "gone": true,
          "points": [
            "t,holding:0,int16", // outside
            "p,holding:1,int16"
          ]
          // the end
        }
        """;
    Map<String, Object> values = new TreeMap<>(read(present, Schema.UNKNOWN));
    values.remove("gone");
    values.put("a.period", 750L);
    values.put("new", 1);

    String expected =
        """
        // Boiler house
        {
          // where it is
          "z.host": "10.0.0.5", // by DHCP
          "a.period:Long": 750,
          "points": [
            "t,holding:0,int16", // outside
            "p,holding:1,int16"
          ],
          "new": 1
          // the end
        }
        """;
    assertThat(write(values, present, Schema.UNKNOWN)).isEqualTo(expected);
  }

  @Test
  void aLongArrayStandsOneItemALine() throws Exception {
    String[] points = {"a".repeat(40), "b".repeat(40)};
    assertThat(write(Map.of("points", points), "{}", Schema.UNKNOWN))
        .isEqualTo(
            "{\n  \"points\": [\n    \"%s\",\n    \"%s\"\n  ]\n}\n"
                .formatted(points[0], points[1]));
  }

  @Test
  void unknownKeysAreNamedWithASuggestionAndCommonOnesAreNot() throws Exception {
    Schema schema = declare("period.ms", ValueType.scalar(ScalarType.INTEGER));
    ConfigDocument document =
        ConfigDocument.parse(
            "{\"perod.ms\": 1, \".own\": 1, \"service.ranking\": 1, \"log.target\": \"(a=b)\"}"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(Checker.unknownKeys(document, schema))
        .extracting(fault -> fault.in("f"))
        .containsExactly(
            "f:1:2: unknown key 'perod.ms' (did you mean 'period.ms'?); known keys: period.ms");
    assertThat(Checker.unknownKeys(document, Schema.UNKNOWN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "io.snaprail.console, io.snaprail.console.json",
    "a.b~c, a.b~c.json",
    "a b/c, a%20b%2Fc.json",
    ".hidden, %2Ehidden.json",
    "käse, k%C3%A4se.json",
    "x|y, x%7Cy.json",
    "100%, 100%25.json"
  })
  void everyPidHasAFileNameOfItsOwn(String pid, String name) {
    assertThat(Pid.fileName(pid)).isEqualTo(name);
    assertThat(Pid.ofFileName(name)).isEqualTo(pid);
  }

  @ParameterizedTest
  @CsvSource({
    "a b.json",
    "a%2fb.json",
    "a%41.json",
    "%.json",
    "%4.json",
    ".json",
    "k\u00e4se.json"
  })
  void otherFileNamesAreNotThoseOfPids(String name) {
    assertThat(Pid.ofFileName(name)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"a.b~c, a.b", "a~b~c, a", "a.b, ", "~c, ", "a~, "})
  void theFactoryStandsBeforeTheTilde(String pid, String factory) {
    assertThat(Pid.factoryOf(pid)).isEqualTo(factory);
  }
}
