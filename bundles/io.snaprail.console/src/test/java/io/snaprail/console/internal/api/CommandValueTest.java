package io.snaprail.console.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.snaprail.api.model.Value;
import io.snaprail.console.internal.access.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandValueTest {
  private static Value value(String json) throws Refusal {
    return CommandRoutes.value(JsonParser.parseString(json));
  }

  @Test
  void keepsTheKindOfAValue() throws Refusal {
    assertThat(value("true")).isEqualTo(new Value.Bool(true));
    assertThat(value("42")).isEqualTo(new Value.Int(42));
    assertThat(value("-9223372036854775808")).isEqualTo(new Value.Int(Long.MIN_VALUE));
    assertThat(value("9007199254740993")).isEqualTo(new Value.Int(9007199254740993L));
    assertThat(value("42.0")).isEqualTo(new Value.Float64(42));
    assertThat(value("1e3")).isEqualTo(new Value.Float64(1000));
    assertThat(value("\"42\"")).isEqualTo(new Value.Text("42"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[1]", "9223372036854775808", "1e999", "-1e999"})
  void refusesWhatIsNoValue(String json) {
    assertThatThrownBy(() -> value(json)).isInstanceOf(Refusal.class);
  }

  @Test
  void refusesAMissingValue() {
    assertThatThrownBy(() -> CommandRoutes.value(null)).hasMessageContaining("value");
  }
}
