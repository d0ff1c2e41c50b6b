package io.snaprail.storage.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.storage.internal.json.Json.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8259, and the comments of OSGi R8, section 150.3. */
class JsonReaderTest {

  /** Each text with the place and the message; {@code ¶} stands for a line end. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "[] => 1:1 expected '{', found '['",
        "{ => 1:2 expected a key in double quotes, found the end of the file",
        "{¶  \"a\": 1¶  \"b\": 2¶} => 3:3 expected ',' or '}', found '\"'",
        "{¶  \"a\": 1,¶} => 3:1 expected a key in double quotes after the comma, found '}'",
        "{\"a\": [1,]} => 1:10 expected a value after the comma, found ']'",
        "{\"a\" 1} => 1:6 expected ':' after the key \"a\", found '1'",
        "{a: 1} => 1:2 expected a key in double quotes, found 'a'",
        "{'a': 1} => 1:2 expected a key in double quotes, found '''",
        "{\"a\": True} => 1:7 expected a value (a text stands in double quotes), found True",
        "{\"a\": } => 1:7 expected a value, found '}'",
        "{\"a\": 01} => 1:7 expected a number without leading zeros, found one with them",
        "{\"a\": -} => 1:8 expected a digit, found '}'",
        "{\"a\": 1.} => 1:9 expected a digit, found '}'",
        "{\"a\": 1e} => 1:9 expected a digit, found '}'",
        "{\"a\": .5} => 1:7 expected a value, found '.'",
        "{\"a\": +5} => 1:7 expected a value, found '+'",
        "{\"a\": 1e1000000} => 1:7 expected a number of ordinary size, found a far larger one",
        "{\"a\": \"x¶} => 1:9 expected '\"' at the end of the text, found the end of the line",
        "{\"a\": \"\\q\"} => 1:9 expected one of \" \\ / b f n r t u after '\\', found 'q'",
        "{\"a\": \"\\u12g4\"} => 1:12 expected four hexadecimal digits after '\\u', found 'g'",
        "{} x => 1:4 expected nothing after the closing '}', found 'x'",
        "{ /* open => 1:3 expected '*/' at the end of this comment, found the file's end",
        "{ / } => 1:3 expected a value or a comment, found '/'",
        "{\"a\": \"\t\"} => 1:8 expected '\"' at the end of the text, found the control character"
            + " U+0009",
      })
  void aFaultIsNamedWithItsPlace(String text, String expected) {
    JsonException fault =
        catchThrowableOfType(
            JsonException.class, () -> JsonReader.readObject(text.replace('¶', '\n')));
    assertThat(fault).as(text).isNotNull();
    assertThat(fault.at() + " " + fault.getMessage()).isEqualTo(expected);
  }

  @Test
  void everyKindOfLineEndCounts() {
    JsonException fault =
        catchThrowableOfType(JsonException.class, () -> JsonReader.readObject("{\r\n\r\n\r\n\n x"));
    assertThat(fault.at()).isEqualTo(new Position(5, 2));
    fault = catchThrowableOfType(JsonException.class, () -> JsonReader.readObject("{\r\r x"));
    assertThat(fault.at()).isEqualTo(new Position(3, 2));
  }

  @Test
  void keysAndValuesKnowWhereTheyStandWithByteOrderMarkAndCommentsAround() throws Exception {
    String text =
        "\uFEFF// head\n{ // first\n  \"a\": 1, // behind a\n  /* above b */\n  \"b\":\n    [true]"
            + "\n  // tail\n}\n// foot\n";
    JsonReader.Document document = JsonReader.readObject(text);

    assertThat(document.head()).containsExactly("// head");
    assertThat(document.foot()).containsExactly("// foot");
    assertThat(document.body().tail()).containsExactly("// tail");
    Json.Member a = document.body().members().get(0);
    Json.Member b = document.body().members().get(1);
    assertThat(a.before()).containsExactly("// first");
    assertThat(a.after()).isEqualTo("// behind a");
    assertThat(a.keyAt()).isEqualTo(new Position(3, 3));
    assertThat(b.before()).containsExactly("/* above b */");
    assertThat(b.value().at()).isEqualTo(new Position(6, 5));
    assertThat(b.raw()).isEqualTo("[true]");
  }

  @Test
  void everyEscapeIsRead() throws Exception {
    Json.Obj object =
        JsonReader.readObject("{\"k\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"}").body();
    assertThat(object.members().get(0).value())
        .isEqualTo(new Json.Text("\"\\/\b\f\n\r\tä", new Position(1, 7)));
  }

  @Test
  void nestingIsBounded() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    JsonException fault =
        catchThrowableOfType(JsonException.class, () -> JsonReader.readObject(deep));
    assertThat(fault).hasMessage("expected at most 32 levels, found more");
  }

  @Test
  void anEmptyObjectHasNoMembers() throws Exception {
    assertThat(JsonReader.readObject(" { } ").body().members()).isEqualTo(List.of());
  }
}
