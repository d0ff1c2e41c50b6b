package io.snaprail.localiot.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy that cannot be taken is refused with where, expected and found. */
class PolicyParserTest {
  private static String document(String statement) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":" + statement + "}";
  }

  static Stream<Arguments> refused() {
    String valid = "\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"";
    return Stream.of(
        Arguments.of("", "not valid JSON"),
        Arguments.of("{", "not valid JSON"),
        Arguments.of("[]", "expected a JSON object, found an array"),
        Arguments.of("{} x", "not valid JSON"),
        Arguments.of("{\"Statement\":[]}", "expected Version, found nothing"),
        Arguments.of(
            "{\"Version\":\"2008-10-17\",\"Statement\":[]}",
            "Version: expected '2012-10-17', found '2008-10-17'"),
        Arguments.of("{\"Version\":\"2012-10-17\"}", "expected Statement, found nothing"),
        Arguments.of("{\"Version\":\"2012-10-17\",\"Statment\":[]}", "found Statment"),
        Arguments.of(document("[]"), "Statement: expected one or more objects, found an array"),
        Arguments.of(document("[1]"), "Statement[0]: expected an object, found a number"),
        Arguments.of(document("[{}]"), "Statement[0]: expected Effect, found nothing"),
        Arguments.of(
            document("[{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}]"),
            "Statement[0].Effect: expected 'Allow' or 'Deny', found 'allow'"),
        Arguments.of(
            document("[{\"Effect\":\"Allow\",\"Resource\":\"*\"}]"),
            "Statement[0]: expected either Action or NotAction, found neither"),
        Arguments.of(
            document("[{" + valid + ",\"NotResource\":\"*\"}]"),
            "Statement[0]: expected either Resource or NotResource, found both"),
        Arguments.of(
            document("[{\"Effect\":\"Allow\",\"Action\":[],\"Resource\":\"*\"}]"),
            "Statement[0].Action: expected at least one, found an empty array"),
        Arguments.of(
            document("[{\"Effect\":\"Allow\",\"Action\":[\"iot:*\",7],\"Resource\":\"*\"}]"),
            "Statement[0].Action[1]: expected a string, found a number"),
        Arguments.of(
            document("[{\"Effect\":\"Allow\",\"Action\":\"Publish\",\"Resource\":\"*\"}]"),
            "Statement[0].Action: expected '*' or a name such as 'iot:Publish', found 'Publish'"),
        Arguments.of(
            document("[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"topic/a\"}]"),
            "Statement[0].Resource: expected '*' or 'arn:...', found 'topic/a'"),
        Arguments.of(
            document(
                "[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"arn:aws:iot:${iot\"}]"),
            "Statement[0].Resource: expected '}' and a name"),
        Arguments.of(
            document("[{" + valid + ",\"Condition\":[]}]"),
            "Statement[0].Condition: expected an object, found an array"),
        Arguments.of(
            document("[{" + valid + ",\"Condition\":{\"StringMatches\":{\"a\":\"b\"}}}]"),
            "expected an operator such as StringEquals, found StringMatches"),
        Arguments.of(
            document("[{" + valid + ",\"Condition\":{\"StringEquals\":{\"a\":{}}}}]"),
            "Statement[0].Condition.StringEquals.a: expected a string"),
        Arguments.of(document("[{" + valid + ",\"Principal\":\"*\"}]"), "found Principal"),
        Arguments.of(
            document("[{" + valid + ",\"Sid\":\"" + "x".repeat(2048) + "\"}]"),
            "expected at most 2048 characters without blanks"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWithWhereExpectedAndFound(String text, String message) {
    assertThatThrownBy(() -> PolicyDocument.parse(text))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining(message);
  }

  // AWS IoT Core quotas: 2,048 characters, white space not counted.
  @Test
  void blanksDoNotCount() throws Exception {
    String text =
        document(
            "{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\""
                + " ".repeat(5000)
                + "}");

    assertThat(PolicyDocument.parse(text).statements()).hasSize(1);
  }
}
