package io.snaprail.localiot.internal.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Developer guide, "Provisioning templates", "Intrinsic functions". */
class ExpressionsTest {
  private static final JsonObject MAPPINGS =
      JsonParser.parseString("{'Table':{'Seattle':{'Url':'https://example.aws'}}}")
          .getAsJsonObject();

  private static final Expressions EXPRESSIONS =
      new Expressions(
          Map.of("Serial", "12345", "Place", "Seattle", "List", "a,b,c", "Empty", ""), MAPPINGS);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'plain' | plain",
        "7 | 7",
        "true | true",
        "{'Ref':'Serial'} | 12345",
        "{'Fn::Join':['',['ThingPrefix_',{'Ref':'Serial'}]]} | ThingPrefix_12345",
        "{'Fn::Join':[':',['a','b','c']]} | a:b:c",
        "{'Fn::Join':['-',{'Fn::Split':[',',{'Ref':'List'}]}]} | a-b-c",
        "{'Fn::Select':[1,['x','y']]} | y",
        "{'Fn::Select':['2',{'Fn::Split':[',',{'Ref':'List'}]}]} | c",
        "{'Fn::FindInMap':['Table',{'Ref':'Place'},'Url']} | https://example.aws",
        "{'Fn::Sub':'t-${Serial}-${Place}'} | t-12345-Seattle",
        "{'Fn::Sub':['${Serial}/${own}',{'own':{'Ref':'Place'}}]} | 12345/Seattle",
        "{'Fn::Sub':'${!Serial}'} | ${Serial}",
        "{'Fn::Sub':'$ { } ${Serial'} | '$ { } ${Serial'",
        "{'Fn::Sub':'x${Empty}y'} | xy",
      })
  void comesTo(String expression, String text) throws Exception {
    assertThat(EXPRESSIONS.text(JsonParser.parseString(expression))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Ref':'Nobody'} | 'Nobody' has no value",
        "{'Fn::Sub':'${Nobody}'} | 'Nobody' has no value",
        "{'Fn::Select':[3,['x','y']]} | Fn::Select",
        "{'Fn::Select':[-1,['x']]} | Fn::Select",
        "{'Fn::Select':[0,[null]]} | Fn::Select",
        "{'Fn::FindInMap':['Table','Berlin','Url']} | Berlin",
        "{'Fn::FindInMap':['Table','Seattle','Url','x']} | list of 3",
        "{'Fn::Join':['']} | list of 2",
        "{'Fn::Join':['',7]} | list",
        "{'Fn::Split':['','abc']} | delimiter",
        "{'Fn::If':[1,2]} | 'Fn::If' is not known",
        "{'Ref':'Serial','Fn::Sub':'x'} | one function",
        "{} | one function",
        "['a'] | expected text",
        "null | expected text",
      })
  void saysWhatIsWrong(String expression, String words) {
    assertThatThrownBy(() -> EXPRESSIONS.text(JsonParser.parseString(expression)))
        .isInstanceOf(ProvisioningException.class)
        .hasMessageContaining(words);
  }

  @Test
  void isBounded() throws Exception {
    assertThat(EXPRESSIONS.text(nested(4))).isEqualTo("12345");
    assertThatThrownBy(() -> EXPRESSIONS.text(nested(40))).hasMessageContaining("deeply");
    Expressions large = new Expressions(Map.of("x", "y".repeat(5000)), MAPPINGS);
    assertThatThrownBy(
            () -> large.text(JsonParser.parseString("{'Fn::Sub':'" + "${x}".repeat(7) + "'}")))
        .hasMessageContaining("longer than");
  }

  private static JsonElement nested(int levels) {
    StringBuilder expression = new StringBuilder("{'Ref':'Serial'}");
    for (int i = 0; i < levels; i++) {
      expression.insert(0, "{'Fn::Join':['',[").append("]]}");
    }
    return JsonParser.parseString(expression.toString());
  }
}
