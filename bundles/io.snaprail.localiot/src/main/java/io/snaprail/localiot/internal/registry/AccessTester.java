package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.policy.AccessRequest;
import io.snaprail.localiot.internal.policy.Decision;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyEngine;
import io.snaprail.localiot.internal.policy.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers "would this be allowed, and which statement says so?" (AWS IoT API: TestAuthorization).
 */
public final class AccessTester {
  private final Registry registry;

  /** Asks the registry as it is at each question. */
  public AccessTester(Registry registry) {
    this.registry = registry;
  }

  /**
   * A question.
   *
   * @param certificateId who asks
   * @param clientId its client id
   * @param action such as {@code iot:Publish}
   * @param resource its ARN
   * @param sourceIp address it comes from; empty for none
   */
  public record Question(
      String certificateId, String clientId, String action, String resource, String sourceIp) {}

  /**
   * An answer.
   *
   * @param verdict whether it is allowed, and why
   * @param policies names of the policies that count, with those of groups
   * @param variables every policy variable that has a value
   * @param remark what policies do not say, such as a certificate that is not ACTIVE; empty for
   *     nothing
   */
  public record Answer(
      Verdict verdict, List<String> policies, Map<String, List<String>> variables, String remark) {}

  /** Answers with the policies of the certificate. */
  public Answer test(Question question) throws RegistryException {
    RegistryState state = registry.state();
    DeviceCertificate certificate = DeviceCertificates.find(state, question.certificateId());
    Map<String, PolicyDocument> policies = new LinkedHashMap<>();
    state.policiesOf(certificate).forEach(one -> policies.put(one.name(), one.document()));
    Map<String, List<String>> address =
        question.sourceIp().isEmpty()
            ? Map.of()
            : Map.of("aws:SourceIp", List.of(question.sourceIp()));
    ClientVariables variables =
        new ClientVariables(
            state,
            certificate,
            new ClientVariables.Connection(
                question.clientId(), Certificates.parse(certificate.pem()), address));
    Verdict verdict =
        PolicyEngine.explain(
            policies, new AccessRequest(question.action(), question.resource(), variables));
    boolean usable = certificate.status() == DeviceCertificate.Status.ACTIVE;
    return new Answer(
        usable ? verdict : new Verdict(Decision.NOT_ALLOWED, verdict.matches()),
        List.copyOf(policies.keySet()),
        variables.all(),
        usable ? "" : "the certificate is " + certificate.status() + "; activate it first");
  }
}
