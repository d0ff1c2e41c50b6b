package io.snaprail.localiot.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * IAM user guide, "IAM JSON policy elements: Condition operators" and "Creating a condition with
 * multiple keys or values".
 */
class ConditionTest {
  private static boolean allows(String effect, String condition, Map<String, List<String>> keys)
      throws Exception {
    PolicyDocument policy =
        PolicyDocument.parse(
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Receive","Resource":"*"},
              {"Effect":"%s","Action":"iot:*","Resource":"*","Condition":%s}]}\
            """
                .formatted(effect, condition));
    String action = effect.equals("Allow") ? "iot:Publish" : "iot:Receive";
    Variables variables = name -> keys.getOrDefault(name, List.of());
    return PolicyEngine.decide(
            List.of(policy), new AccessRequest(action, "arn:aws:iot:l:1:topic/a", variables))
        .allowed();
  }

  // Operator, value of the policy, value of the key ('-' for none), whether it holds.
  @ParameterizedTest
  @CsvSource({
    "StringEquals, red, red, true",
    "StringEquals, red, Red, false",
    "StringEquals, r*d, red, false",
    "StringEquals, red, -, false",
    "StringEqualsIfExists, red, -, true",
    "StringEqualsIfExists, red, blue, false",
    "StringNotEquals, red, blue, true",
    "StringNotEquals, red, red, false",
    "StringNotEquals, red, -, true",
    "StringEqualsIgnoreCase, RED, red, true",
    "StringNotEqualsIgnoreCase, RED, red, false",
    "StringLike, r?d*, red/1, true",
    "StringLike, r?d, read, false",
    "StringNotLike, r*, blue, true",
    "StringNotLike, r*, red, false",
    "NumericEquals, 10, 10.0, true",
    "NumericNotEquals, 10, 11, true",
    "NumericLessThan, 10, 9, true",
    "NumericLessThan, 10, 10, false",
    "NumericLessThanEquals, 10, 10, true",
    "NumericGreaterThan, 10, 10, false",
    "NumericGreaterThan, 10, 10.5, true",
    "NumericGreaterThanEquals, 10, 10, true",
    "NumericEquals, 10, ten, false",
    "DateLessThan, 2026-01-01T00:00:00Z, 2025-12-31T23:59:59Z, true",
    "DateGreaterThan, 2026-01-01T00:00:00Z, 1767225601, true",
    "DateEquals, 2026-01-01T00:00:00Z, 1767225600, true",
    "Bool, true, true, true",
    "Bool, true, false, false",
    "Bool, true, -, false",
    "BinaryEquals, QmluYXJ5, QmluYXJ5, true",
    "IpAddress, 203.0.113.0/24, 203.0.113.77, true",
    "IpAddress, 203.0.113.0/24, 203.0.114.77, false",
    "IpAddress, 203.0.113.7, 203.0.113.7, true",
    "IpAddress, 2001:db8::/33, 2001:db8:7fff::1, true",
    "IpAddress, 2001:db8::/33, 2001:db8:8000::1, false",
    "IpAddress, 203.0.113.0/24, 2001:db8::1, false",
    "IpAddress, 203.0.113.0/99, 203.0.113.1, false",
    "IpAddress, example.com, 203.0.113.1, false",
    "NotIpAddress, 203.0.113.0/24, 203.0.114.77, true",
    "NotIpAddress, 203.0.113.0/24, 203.0.113.77, false",
    "ArnEquals, arn:aws:iot:*:1:topic/a, arn:aws:iot:x:1:topic/a, true",
    "ArnLike, arn:aws:iot:*:topic/a, arn:aws:iot:x:1:topic/a, false",
    "ArnLike, arn:aws:iot:x:1:topic/*, arn:aws:iot:x:1:topic/a:b, true",
    "ArnNotLike, arn:aws:iot:*:1:topic/a, arn:aws:iot:x:1:topic/b, true",
    "Null, true, -, true",
    "Null, true, x, false",
    "Null, false, x, true",
    "stringequals, red, red, true",
  })
  void compares(String operator, String named, String found, boolean holds) throws Exception {
    String condition = "{\"%s\":{\"k\":\"%s\"}}".formatted(operator, named);
    Map<String, List<String>> keys = found.equals("-") ? Map.of() : Map.of("k", List.of(found));

    assertThat(allows("Allow", condition, keys)).isEqualTo(holds);
    assertThat(allows("Deny", condition, keys)).isEqualTo(!holds);
  }

  // Several values of the key, and of the policy.
  @ParameterizedTest
  @CsvSource({
    "ForAllValues:StringEquals, 'a b', 'a b', true",
    "ForAllValues:StringEquals, 'a b', 'a c', false",
    "ForAllValues:StringEquals, 'a b', '', true",
    "ForAllValues:StringEquals, '', '', true",
    "ForAllValues:StringEquals, '', 'a', false",
    "ForAllValues:StringNotEquals, 'a b', 'c d', true",
    "ForAllValues:StringNotEquals, 'a b', 'a d', false",
    "ForAnyValue:StringEquals, 'a b', 'x b', true",
    "ForAnyValue:StringEquals, 'a b', 'x y', false",
    "ForAnyValue:StringEquals, 'a b', '', false",
    "ForAnyValue:StringNotEquals, 'a', 'a b', true",
    "StringEquals, 'a b', 'b', true",
    "StringNotEquals, 'a b', 'b', false",
  })
  void comparesSets(String operator, String named, String found, boolean holds) throws Exception {
    String values = named.isEmpty() ? "" : "\"" + named.replace(" ", "\",\"") + "\"";
    String condition = "{\"%s\":{\"k\":[%s]}}".formatted(operator, values);
    List<String> of = found.isEmpty() ? List.of() : List.of(found.split(" "));

    assertThat(allows("Allow", condition, Map.of("k", of))).isEqualTo(holds);
  }

  @Test
  void everyKeyAndEveryOperatorHasToHold() throws Exception {
    String both = "{\"StringEquals\":{\"a\":\"1\",\"b\":\"2\"},\"Bool\":{\"c\":true}}";
    Map<String, List<String>> all =
        Map.of("a", List.of("1"), "b", List.of("2"), "c", List.of("true"));
    assertThat(allows("Allow", both, all)).isTrue();
    for (String missing : all.keySet()) {
      Map<String, List<String>> fewer = new java.util.HashMap<>(all);
      fewer.remove(missing);
      assertThat(allows("Allow", both, fewer)).isFalse();
    }
  }

  @Test
  void valuesOfAConditionMayNameVariables() throws Exception {
    String condition = "{\"StringEquals\":{\"k\":\"${iot:ClientId}-x\"}}";
    assertThat(
            allows("Allow", condition, Map.of("k", List.of("me-x"), "iot:ClientId", List.of("me"))))
        .isTrue();
    // What is not known must not widen anything.
    String not = "{\"StringNotEquals\":{\"k\":\"${iot:ClientId}-x\"}}";
    assertThat(allows("Allow", not, Map.of("k", List.of("me-x")))).isFalse();
    assertThat(allows("Deny", not, Map.of("k", List.of("me-x")))).isFalse();
  }

  // IAM user guide, "Policy variables": ${*}, ${?} and ${$} are the characters themselves.
  @ParameterizedTest
  @CsvSource({"a/${*}, a/*, true", "a/${*}, a/b, false", "a${?}, a?, true", "a${$}, a$, true"})
  void escapedCharactersAreLiteral(String pattern, String subject, boolean matches)
      throws Exception {
    assertThat(WildcardPattern.parse(pattern).matches(subject, Variables.NONE)).isEqualTo(matches);
  }

  @Test
  void saysWhichStatementDecides() throws Exception {
    PolicyDocument one =
        PolicyDocument.parse(
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Connect","Resource":"*"},
              {"Sid":"Pub","Effect":"Allow","Action":"iot:Publish","Resource":"*"}]}\
            """);
    PolicyDocument two =
        PolicyDocument.parse(
            """
            {"Version":"2012-10-17","Statement":
              {"Effect":"Deny","Action":"iot:Publish","Resource":"arn:aws:iot:l:1:topic/b"}}\
            """);
    Map<String, PolicyDocument> policies = new java.util.TreeMap<>(Map.of("one", one, "two", two));

    assertThat(explain(policies, "topic/a").words())
        .isEqualTo("allowed: statement 2 (Pub) of policy 'one' allows it");
    assertThat(explain(policies, "topic/b").words())
        .isEqualTo("a Deny statement matches: statement 1 of policy 'two' denies it");
    assertThat(explain(Map.of(), "topic/a").words()).isEqualTo("no Allow statement matches");
  }

  private static Verdict explain(Map<String, PolicyDocument> policies, String resource) {
    return PolicyEngine.explain(
        policies, new AccessRequest("iot:Publish", "arn:aws:iot:l:1:" + resource, Variables.NONE));
  }
}
