package io.snaprail.localiot.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements. Developer guide, "AWS IoT SQL reference": its printed examples come first. */
class StatementTest {
  private static Input input(String topic, String payload) {
    return new Input(
        "client-1", topic, JsonParser.parseString(payload).getAsJsonObject(), 1700000000000L);
  }

  private static String outcome(String sql, String topic, String payload) throws RuleException {
    Statement statement = SqlParser.parse(sql);
    if (!statement.from().matches(topic)) {
      return "not meant";
    }
    Optional<JsonObject> outcome = statement.apply(input(topic, payload));
    return outcome.map(JsonObject::toString).orElse("none").replace('"', '\'');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        // SELECT clause
        "SELECT * FROM 't' | {'color':'red','temperature':50} | {'color':'red','temperature':50}",
        "SELECT color FROM 't' | {'color':'red','temperature':50} | {'color':'red'}",
        "SELECT color AS my_color FROM 't' | {'color':'red'} | {'my_color':'red'}",
        "SELECT color as c, temperature as f FROM 't' | {'color':'red','temperature':50} |"
            + " {'c':'red','f':50}",
        "SELECT *, 15 as speed FROM 't' | {'color':'red'} | {'color':'red','speed':15}",
        "SELECT color.red as red_value FROM 't' | {'color':{'red':255}} | {'red_value':255}",
        "SELECT (temperature - 32) * 5 / 9 AS celsius, upper(color) as my_color FROM 't' |"
            + " {'color':'red','temperature':50} | {'celsius':10,'my_color':'RED'}",
        // WHERE clause
        "SELECT color AS my_color FROM 't' WHERE temperature > 50 AND color <> 'red' |"
            + " {'color':'red','temperature':40} | none",
        "SELECT color FROM 't' WHERE temperature > 50 AND color <> 'red' |"
            + " {'color':'blue','temperature':51} | {'color':'blue'}",
        // Functions
        "SELECT topic() as t, topic(1) as one, clientid() as c, timestamp() as at FROM 't' | {} |"
            + " {'t':'t','one':'t','c':'client-1','at':1700000000000}",
        "SELECT topic(2) as two, lower('X') as x FROM 't' | {} | {'x':'x'}",
        // Operators
        "SELECT 7 / 2 as whole, 7.0 / 2 as half, 7 % 4 as rest, -3 - -4 as one FROM 't' | {} |"
            + " {'whole':3,'half':3.5,'rest':3,'one':1}",
        "SELECT 'a' + 1 as a, 1 + 'a' as b, '1' * 2 as c FROM 't' | {} |"
            + " {'a':'a1','b':'1a','c':2.0}",
        "SELECT 1 / 0 as never, 'x' * 2 as nor, nothing as this FROM 't' | {} | {}",
        "SELECT a = 1.0 as same, a = '1' as other, b = b as arrays FROM 't' | {'a':1,'b':[1,2]} |"
            + " {'same':true,'other':false,'arrays':true}",
        "SELECT 1 as x FROM 't' WHERE NOT a = 1 OR b | {'a':1,'b':'TRUE'} | {'x':1}",
        "SELECT 1 as x FROM 't' WHERE a > '5' | {'a':'10'} | {'x':1}",
        "SELECT 1 as x FROM 't' WHERE missing > 1 | {} | none",
        "SELECT 1 as x FROM 't' WHERE NOT missing | {} | none",
        "SELECT 1 as x FROM 't' WHERE a = null | {'a':null} | {'x':1}",
        "SELECT 1 as x FROM 't' WHERE 1 | {} | none",
        "SELECT 'it''s' as x FROM 't' | {} | {'x':'it's'}",
        "select 1 as x from 't' where true and not false | {} | {'x':1}",
        "SELECT 1 + 2 * 3 = 7 AND 1 < 2 as x FROM 't' | {} | {'x':true}",
      })
  void makes(String sql, String payload, String outcome) throws RuleException {
    assertThat(outcome(sql, "t", payload.replace('\'', '"'))).isEqualTo(outcome);
  }

  @Test
  void numbersThatNoComputerHoldsAreUndefined() throws RuleException {
    assertThat(
            outcome(
                "SELECT a + 1 as x, b * b as y FROM 't'", "t", "{\"a\":1e999999999,\"b\":9e300}"))
        .isEqualTo("{}");
    assertThat(outcome("SELECT 999999999999999 * 999999999999999 as x FROM 't'", "t", "{}"))
        .isEqualTo("{}");
  }

  // Developer guide, "FROM clause"; MQTT 3.1.1 section 4.7.
  @ParameterizedTest
  @CsvSource({
    "topic/subtopic, topic/subtopic, true",
    "topic/subtopic, topic/subtopic-2, false",
    "topic/#, topic/subtopic, true",
    "topic/#, topic/subtopic-3/details, true",
    "topic/#, topic, true",
    "topic/#, topic-2/subtopic-x, false",
    "topic/+, topic/subtopic-2, true",
    "topic/+, topic/subtopic-3/details, false",
    "+/b, a/b, true",
    "#, $aws/things/x, false",
    "+/things/x, $aws/things/x, false",
    "$aws/things/+/shadow/update/accepted, $aws/things/x/shadow/update/accepted, true",
  })
  void isMeant(String filter, String topic, boolean meant) throws RuleException {
    assertThat(TopicFilter.of(filter).matches(topic)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "'' | SELECT",
        "SELECT | a value at character 7",
        "SELECT a | 'FROM' at character 9",
        "SELECT a FROM t | single quotes",
        "SELECT a FROM '' | topic filter",
        "SELECT a FROM 'a#' | wildcard",
        "SELECT a FROM '#/a' | wildcard",
        "SELECT a FROM 't' WHERE | a value",
        "SELECT a FROM 't' more | the end at character 19, found 'more'",
        "SELECT 1 FROM 't' | AS and a name",
        "SELECT a. FROM 't' | 'FROM'",
        "SELECT rand() AS x FROM 't' | 'rand'",
        "SELECT upper() AS x FROM 't' | 1..1 arguments",
        "SELECT a FROM 't' WHERE (a | ')'",
        "SELECT a; FROM 't' | character 9",
        "SELECT 'a FROM t | character 7",
      })
  void saysWhatIsWrongAndWhere(String sql, String words) {
    assertThatThrownBy(() -> SqlParser.parse(sql))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining(words);
  }

  @Test
  void isBounded() {
    String deep = "(".repeat(1000) + "1" + ")".repeat(1000);
    assertThatThrownBy(() -> SqlParser.expression(deep)).hasMessageContaining("deep");
    assertThatThrownBy(() -> SqlParser.expression("NOT ".repeat(500) + "1"))
        .hasMessageContaining("deep");
    assertThatThrownBy(() -> SqlParser.expression("-".repeat(500) + "1"))
        .hasMessageContaining("deep");
    assertThatThrownBy(() -> SqlParser.parse("x".repeat(4097))).hasMessageContaining("4096");
  }
}
