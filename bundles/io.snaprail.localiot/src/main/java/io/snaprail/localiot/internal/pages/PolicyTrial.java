package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.policy.AccessRequest;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyEngine;
import io.snaprail.localiot.internal.policy.PolicyException;
import io.snaprail.localiot.internal.policy.Variables;
import io.snaprail.localiot.internal.policy.Verdict;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.ClientVariables;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.registry.RegistryState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** "Would this be allowed?": asks the policy engine what it would say, and why. */
final class PolicyTrial {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
  private static final String DRAFT = "";

  private final Map<String, PolicyDocument> policies;
  private final Variables variables;
  private final String refused;

  /**
   * A trial.
   *
   * @param policies by name; a document that is kept nowhere has an empty one
   * @param refused why the client would not get so far; empty when it would
   */
  private PolicyTrial(Map<String, PolicyDocument> policies, Variables variables, String refused) {
    this.policies = policies;
    this.variables = variables;
    this.refused = refused;
  }

  static ConsoleAnswer answer(Arns arns, Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    String clientId = body.text("clientId");
    String action = body.text("action");
    String resource = resource(arns, action, clientId, body.optional("resource"));
    PolicyTrial trial =
        body.has("document")
            ? ofDocument(all.state(), body.text("document"), clientId, request.origin())
            : ofCertificate(all, body.text("certificate"), clientId, request.origin());
    return RegistryCalls.json(trial.answer("iot:" + action, resource));
  }

  private static String resource(Arns arns, String action, String clientId, String name)
      throws ConsoleException {
    return switch (action) {
      case "Connect" -> arns.client(clientId);
      case "Publish", "Receive", "RetainPublish" -> arns.topic(name);
      case "Subscribe" -> arns.topicFilter(name);
      case "GetThingShadow", "UpdateThingShadow", "DeleteThingShadow" -> arns.thing(name);
      default ->
          throw new ConsoleException(
              400, "bad_value", "There is no action '" + action + "' to try.");
    };
  }

  private static PolicyTrial ofCertificate(Registry all, String id, String clientId, String origin)
      throws RegistryException {
    DeviceCertificate certificate = all.certificates().describe(id);
    RegistryState state = all.state();
    Map<String, PolicyDocument> policies = new TreeMap<>();
    state.policiesOf(certificate).forEach(one -> policies.put(one.name(), one.document()));
    return new PolicyTrial(
        policies,
        variables(state, certificate, clientId, origin),
        certificate.status() == Status.ACTIVE
            ? ""
            : "the certificate is " + certificate.status() + ", so nobody gets in with it");
  }

  /** A draft is tried with the variables of whatever has the thing of the client id's name. */
  private static PolicyTrial ofDocument(
      RegistryState state, String document, String clientId, String origin)
      throws ConsoleException {
    Optional<DeviceCertificate> certificate =
        state.certificates().values().stream()
            .filter(one -> one.things().contains(clientId))
            .findFirst();
    try {
      return new PolicyTrial(
          Map.of(DRAFT, PolicyDocument.parse(document)),
          certificate.isPresent()
              ? variables(state, certificate.get(), clientId, origin)
              : Variables.of(Map.of("iot:ClientId", clientId, "aws:SourceIp", origin)),
          "");
    } catch (PolicyException e) {
      throw new ConsoleException(
          422, "MalformedPolicyException", RegistryCalls.sentence(String.valueOf(e.getMessage())));
    }
  }

  private static Variables variables(
      RegistryState state, DeviceCertificate certificate, String clientId, String origin) {
    return new ClientVariables(state, certificate, Connections.of(clientId, certificate, origin));
  }

  private JsonObject answer(String action, String resource) {
    Verdict verdict =
        PolicyEngine.explain(policies, new AccessRequest(action, resource, variables));
    boolean allowed = verdict.decision().allowed() && refused.isEmpty();
    JsonObject json = new JsonObject();
    json.addProperty("allowed", allowed);
    json.addProperty("words", RegistryCalls.sentence(refused.isEmpty() ? words(verdict) : refused));
    json.addProperty("action", action);
    json.addProperty("resource", resource);
    JsonArray matches = new JsonArray();
    verdict.matches().forEach(match -> matches.add(match(match)));
    json.add("matches", matches);
    json.add("variables", named());
    return json;
  }

  private String words(Verdict verdict) {
    if (policies.isEmpty()) {
      return "no policy is attached to the certificate; attach one";
    }
    return verdict.words();
  }

  private JsonObject match(Verdict.Match match) {
    JsonObject json = new JsonObject();
    json.addProperty("policy", match.policy());
    json.addProperty("statement", match.statement() + 1);
    json.addProperty("sid", match.sid());
    json.addProperty("effect", match.effect().name());
    PolicyDocument document = policies.get(match.policy());
    json.addProperty("text", document == null ? "" : statement(document, match.statement()));
    return json;
  }

  private static String statement(PolicyDocument document, int number) {
    try {
      JsonElement statements = StrictJson.parseObject(document.text()).get("Statement");
      return StrictJson.writePretty(
          statements.isJsonArray() ? statements.getAsJsonArray().get(number) : statements);
    } catch (JsonException e) {
      throw new IllegalStateException("a policy that was read cannot be read", e);
    }
  }

  /** The variables that these policies name, with their values. */
  private JsonArray named() {
    TreeSet<String> names = new TreeSet<>();
    for (PolicyDocument policy : policies.values()) {
      Matcher variable = VARIABLE.matcher(policy.text());
      while (variable.find()) {
        names.add(variable.group(1));
      }
    }
    JsonArray named = new JsonArray();
    for (String name : names) {
      JsonObject json = new JsonObject();
      json.addProperty("name", name);
      JsonArray values = new JsonArray();
      List<String> found = name.length() == 1 ? List.of(name) : variables.values(name);
      found.forEach(values::add);
      json.add("values", values);
      named.add(json);
    }
    return named;
  }
}
