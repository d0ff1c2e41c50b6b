package io.snaprail.localiot.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8259, and nothing more lenient. */
class StrictJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{]",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "[1,]",
        "{\"a\":1} {}",
        "{\"a\":1}x",
        "NaN",
        "True",
        "01",
        "1.",
        "+1",
        "\"\\x\"",
        "// c\n1",
        "\"a\nb\"",
        "nul"
      })
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> StrictJson.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void refusesWhatIsNestedWithoutEnd() {
    assertThatThrownBy(() -> StrictJson.parse("[".repeat(100_000)))
        .isInstanceOf(JsonException.class);
  }

  // Facts: numbers compare by value (1 = 1.0).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1.0|true",
        "1|1e0|true",
        "100|1E2|true",
        "0.1|0.10|true",
        "1|2|false",
        "1|'\"1\"'|false",
        "1e99999999999|1e99999999999|true",
        "1e99999999999|2e99999999999|false",
        "{\"a\":[1,{\"b\":2}]}|{\"a\":[1.0,{\"b\":2.0}]}|true",
        "{\"a\":1,\"b\":2}|{\"b\":2,\"a\":1}|true",
        "{\"a\":1}|{\"a\":1,\"b\":1}|false",
        "[1,2]|[2,1]|false",
        "[1]|[1,2]|false",
        "null|false|false",
      })
  void comparesByValue(String one, String other, boolean same) throws Exception {
    assertThat(StrictJson.same(StrictJson.parse(one), StrictJson.parse(other))).isEqualTo(same);
  }
}
