package io.snaprail.localiot.internal.setup;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyException;
import io.snaprail.localiot.internal.registry.Arns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A policy that lets a thing do its own work and nothing else. */
final class DemoPolicy {
  private static final String THING = "${iot:Connection.Thing.ThingName}";

  private DemoPolicy() {}

  /**
   * Makes it.
   *
   * @throws IllegalArgumentException when the topics make no policy; the message names the key
   */
  static PolicyDocument of(DemoSettings settings, Arns arns) {
    List<String> topics = new ArrayList<>();
    settings.topics().forEach(topic -> topics.add(topic.replace("{{thing}}", THING)));
    topics.add("$aws/things/" + THING + "/*");
    JsonArray statements = new JsonArray();
    statements.add(allow(List.of("iot:Connect"), List.of(THING), arns::client));
    statements.add(
        allow(List.of("iot:Publish", "iot:Receive", "iot:RetainPublish"), topics, arns::topic));
    statements.add(allow(List.of("iot:Subscribe"), topics, arns::topicFilter));
    statements.add(
        allow(
            List.of("iot:*ThingShadow", "iot:ListNamedShadowsForThing", "iot:*JobExecution*"),
            List.of(THING),
            arns::thing));
    JsonObject document = new JsonObject();
    document.addProperty("Version", "2012-10-17");
    document.add("Statement", statements);
    try {
      return PolicyDocument.parse(StrictJson.write(document));
    } catch (PolicyException e) {
      throw new IllegalArgumentException("demo.topics: " + e.getMessage(), e);
    }
  }

  private static JsonObject allow(
      List<String> actions, List<String> names, UnaryOperator<String> arn) {
    JsonArray action = new JsonArray();
    actions.forEach(action::add);
    JsonArray resource = new JsonArray();
    names.forEach(name -> resource.add(arn.apply(name)));
    JsonObject statement = new JsonObject();
    statement.addProperty("Effect", "Allow");
    statement.add("Action", action);
    statement.add("Resource", resource);
    return statement;
  }
}
