package io.snaprail.localiot.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AWS IoT Core developer guide, "AWS IoT Core policies": default deny, explicit Deny wins, policies
 * add up, wildcards {@code *} and {@code ?}, policy variables.
 */
class PolicyEngineTest {
  private static final String ARN = "arn:aws:iot:local:123456789012:";

  private static String statement(String effect, String actions, String resources) {
    return """
    {"Effect":"%s","Action":[%s],"Resource":[%s]}\
    """
        .formatted(effect, quoted(actions, ""), quoted(resources, ARN));
  }

  private static String quoted(String list, String prefix) {
    return String.join(
        ",",
        Arrays.stream(list.split(" "))
            .map(one -> "\"" + (one.equals("*") ? one : prefix + one) + "\"")
            .toList());
  }

  private static PolicyDocument policy(String... statements) {
    try {
      return PolicyDocument.parse(
          "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}");
    } catch (PolicyException e) {
      throw new AssertionError(e);
    }
  }

  private static Decision decide(
      List<PolicyDocument> policies, String action, String resource, Variables variables) {
    return PolicyEngine.decide(
        policies, new AccessRequest("iot:" + action, ARN + resource, variables));
  }

  // The resource of the policy, the resource of the request, and whether it is allowed.
  @ParameterizedTest
  @CsvSource({
    "topic/a/b,            topic/a/b,            true",
    "topic/a/b,            topic/a/b/c,          false",
    "topic/a/b,            topic/a,              false",
    "topic/a/*,            topic/a/b/c/d,        true", // '*' crosses '/'
    "topic/a/*,            topic/a/,             true",
    "topic/a/*,            topic/a,              false",
    "topic/*/c,            topic/a/b/c,          true",
    "topic/*/c,            topic/a/b/d,          false",
    "topic/a?c,            topic/abc,            true",
    "topic/a?c,            topic/a/c,            true",
    "topic/a?c,            topic/ac,             false",
    "topic/a?c,            topic/abbc,           false",
    "topic/a/+/c,          topic/a/b/c,          false", // '+' and '#' are literal
    "topic/a/#,            topic/a/b,            false",
    "topicfilter/a/+/c,    topicfilter/a/+/c,    true",
    "topicfilter/a/#,      topicfilter/a/#,      true",
    "topicfilter/a/*,      topicfilter/a/#,      true",
    "topicfilter/a/b,      topicfilter/a/#,      false",
    "topic/a,              topicfilter/a,        false",
    "client/*,             client/any,           true",
    "topic/A,              topic/a,              false",
    "topic/a.b,            topic/axb,            false", // no regular expressions
    "topic/*a*b*c*,        topic/xxaxxbxxcxx,    true",
    "topic/*a*b*c*,        topic/xxaxxcxxbxx,    false",
  })
  void matchesResources(String pattern, String resource, boolean allowed) {
    List<PolicyDocument> policies = List.of(policy(statement("Allow", "iot:Publish", pattern)));

    assertThat(decide(policies, "Publish", resource, Variables.NONE).allowed()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "iot:Publish,    Publish,       true",
    "iot:Publish,    Subscribe,     false",
    "iot:*,          Subscribe,     true",
    "*,              Connect,       true",
    "iot:Re*,        Receive,       true",
    "iot:Re*,        RetainPublish, true",
    "iot:Re*,        Publish,       false",
    "iot:*Publish,   RetainPublish, true",
    "iot:Publis?,    Publish,       true",
  })
  void matchesActions(String pattern, String action, boolean allowed) {
    List<PolicyDocument> policies = List.of(policy(statement("Allow", pattern, "topic/a")));

    assertThat(decide(policies, action, "topic/a", Variables.NONE).allowed()).isEqualTo(allowed);
  }

  static Stream<Arguments> combinations() {
    PolicyDocument allow = policy(statement("Allow", "iot:*", "*"));
    PolicyDocument deny = policy(statement("Deny", "iot:Publish", "topic/a/restricted/*"));
    PolicyDocument other = policy(statement("Allow", "iot:Publish", "topic/b"));
    PolicyDocument both =
        policy(
            statement("Deny", "iot:Publish", "topic/a/restricted/*"),
            statement("Allow", "iot:*", "*"));
    return Stream.of(
        Arguments.of(Named.of("no policy", List.of()), "topic/a", Decision.NOT_ALLOWED),
        Arguments.of(Named.of("other", List.of(other)), "topic/a", Decision.NOT_ALLOWED),
        Arguments.of(Named.of("adds up", List.of(other, allow)), "topic/a", Decision.ALLOWED),
        Arguments.of(
            Named.of("deny after allow", List.of(allow, deny)),
            "topic/a/restricted/x",
            Decision.EXPLICITLY_DENIED),
        Arguments.of(
            Named.of("deny before allow", List.of(both)),
            "topic/a/restricted/x",
            Decision.EXPLICITLY_DENIED),
        Arguments.of(Named.of("deny elsewhere", List.of(both)), "topic/a/x", Decision.ALLOWED));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void combinesPolicies(List<PolicyDocument> policies, String resource, Decision expected) {
    assertThat(decide(policies, "Publish", resource, Variables.NONE)).isEqualTo(expected);
  }

  // Facts: Allow a/* with Deny a/restricted/* does not stop a subscription to a/#, because '#' is
  // literal: this is why Receive is checked on every delivery.
  @Test
  void aDenyOfATopicDoesNotStopAWiderFilter() {
    List<PolicyDocument> policies =
        List.of(
            policy(
                statement("Allow", "iot:*", "topicfilter/a/* topic/a/*"),
                statement("Deny", "iot:*", "topicfilter/a/restricted/* topic/a/restricted/*")));

    assertThat(decide(policies, "Subscribe", "topicfilter/a/#", Variables.NONE).allowed()).isTrue();
    assertThat(decide(policies, "Receive", "topic/a/restricted/x", Variables.NONE).allowed())
        .isFalse();
  }

  // Facts: values with * $ + ? # are not substituted; what is unresolved matches nothing.
  @ParameterizedTest
  @CsvSource({
    "dev1,   topic/dev1/x,  true",
    "dev1,   topic/dev2/x,  false",
    "*,      topic/dev1/x,  false",
    "*,      topic/*/x,     false",
    "a?,     topic/ab/x,    false",
    "+,      topic/+/x,     false",
    "#,      topic/#/x,     false",
    "a$b,    topic/a$b/x,   false",
    "'',     topic//x,      false",
  })
  void substitutesOnlyHarmlessValues(String clientId, String resource, boolean allowed) {
    List<PolicyDocument> policies =
        List.of(policy(statement("Allow", "iot:Publish", "topic/${iot:ClientId}/x")));
    Variables variables = Variables.of(Map.of("iot:ClientId", clientId));

    assertThat(decide(policies, "Publish", resource, variables).allowed()).isEqualTo(allowed);
  }

  // Facts: a client that calls itself '+' must not widen topicfilter/my/${iot:ClientId}/x.
  @Test
  void aClientCalledPlusDoesNotWidenAFilter() {
    List<PolicyDocument> policies =
        List.of(policy(statement("Allow", "iot:Subscribe", "topicfilter/my/${iot:ClientId}/x")));

    assertThat(
            decide(
                policies,
                "Subscribe",
                "topicfilter/my/+/x",
                Variables.of(Map.of("iot:ClientId", "+"))))
        .isEqualTo(Decision.NOT_ALLOWED);
  }

  @Test
  void anUnresolvedVariableMatchesNothing() {
    List<PolicyDocument> policies =
        List.of(
            policy(
                statement("Allow", "iot:*", "topic/${iot:Connection.Thing.ThingName}"),
                statement("Allow", "iot:*", "topic/plain")));

    assertThat(decide(policies, "Publish", "topic/", Variables.NONE).allowed()).isFalse();
    assertThat(decide(policies, "Publish", "topic/plain", Variables.NONE).allowed()).isTrue();
  }

  @Test
  void notResourceAllowsAllElseButNotWithAnUnresolvedVariable() {
    PolicyDocument plain =
        policy(
            """
            {"Effect":"Allow","Action":"iot:Publish","NotResource":"%stopic/a/*"}\
            """
                .formatted(ARN));
    PolicyDocument variable =
        policy(
            """
            {"Effect":"Allow","Action":"iot:Publish","NotResource":"%stopic/${iot:X}"}\
            """
                .formatted(ARN));

    assertThat(decide(List.of(plain), "Publish", "topic/b", Variables.NONE).allowed()).isTrue();
    assertThat(decide(List.of(plain), "Publish", "topic/a/b", Variables.NONE).allowed()).isFalse();
    assertThat(decide(List.of(variable), "Publish", "topic/b", Variables.NONE).allowed()).isFalse();
  }

  @Test
  void denyWithNotActionDeniesAllElse() {
    List<PolicyDocument> policies =
        List.of(
            policy(
                statement("Allow", "iot:*", "*"),
                """
                {"Effect":"Deny","NotAction":"iot:Receive","Resource":"*"}\
                """));

    assertThat(decide(policies, "Publish", "topic/a", Variables.NONE))
        .isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(decide(policies, "Receive", "topic/a", Variables.NONE)).isEqualTo(Decision.ALLOWED);
  }

  // A pattern that makes naive matchers take for ever.
  @Test
  void hostilePatternsAreDecidedAtOnce() {
    List<PolicyDocument> policies =
        List.of(policy(statement("Allow", "iot:Publish", "topic/" + "*a".repeat(60) + "b")));

    assertThat(decide(policies, "Publish", "topic/" + "a".repeat(250), Variables.NONE).allowed())
        .isFalse();
  }
}
