package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.localiot.internal.policy.AccessRequest;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyEngine;
import io.snaprail.localiot.internal.policy.PolicyException;
import io.snaprail.localiot.internal.policy.Variables;
import io.snaprail.localiot.internal.policy.Verdict;
import java.util.List;
import java.util.Map;

/** Whatever a policy says: it is read and decides, or it is refused in words. */
class PolicyFuzzTest {
  private static final Variables VARIABLES =
      name ->
          switch (name) {
            case "iot:ClientId" -> List.of("thing1");
            case "aws:SourceIp" -> List.of("192.0.2.1");
            case "k" -> List.of("1", "2026-01-01T00:00:00Z", "a*b", "arn:aws:iot:l:1:topic/a");
            default -> List.of();
          };

  private static void decide(PolicyDocument policy) {
    AccessRequest request =
        new AccessRequest("iot:Publish", "arn:aws:iot:l:1:topic/thing1/a", VARIABLES);
    Verdict verdict = PolicyEngine.explain(Map.of("p", policy), request);
    assertThat(verdict.words()).isNotBlank();
    // Nothing is allowed without a statement that allows it.
    assertThat(verdict.decision().allowed() && verdict.matches().isEmpty()).isFalse();
  }

  /** A document as somebody writes it. */
  @FuzzTest
  void document(FuzzedDataProvider data) {
    try {
      decide(PolicyDocument.parse(data.consumeRemainingAsString()));
    } catch (PolicyException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** A document that is one but for three texts in it. */
  @FuzzTest
  void condition(FuzzedDataProvider data) {
    String operator = quoted(data.consumeString(40));
    String value = quoted(data.consumeString(200));
    String resource = quoted(data.consumeRemainingAsString());
    try {
      decide(
          PolicyDocument.parse(
              """
              {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*",
               "Resource":["arn:aws:iot:l:1:topic/%s"],
               "Condition":{"%s":{"k":["%s"]},"StringLike":{"iot:ClientId":"%s"}}}]}\
              """
                  .formatted(resource, operator, value, value)));
    } catch (PolicyException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else {
                out.append((char) (c < 0x20 ? ' ' : c));
              }
            });
    return out.toString();
  }
}
