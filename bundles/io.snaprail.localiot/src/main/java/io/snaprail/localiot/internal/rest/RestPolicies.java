package io.snaprail.localiot.internal.rest;

import io.snaprail.localiot.internal.policy.AccessRequest;
import io.snaprail.localiot.internal.policy.Decision;
import io.snaprail.localiot.internal.policy.PolicyEngine;
import io.snaprail.localiot.internal.policy.Variables;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.ClientVariables;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Policy;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryState;
import io.snaprail.localiot.internal.service.ServiceException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a certificate may do over HTTP, by the registry as it is now. */
final class RestPolicies {
  private final Registry registry;

  RestPolicies(Registry registry) {
    this.registry = registry;
  }

  /**
   * Lets a request through.
   *
   * @throws ServiceException 401 when the certificate does not count, 403 when its policies do not
   *     allow it
   */
  void require(RestRequest.Client client, String action, String resource) throws ServiceException {
    RegistryState state = registry.state();
    DeviceCertificate known = state.certificates().get(Certificates.id(client.certificate()));
    if (known == null || known.status() != DeviceCertificate.Status.ACTIVE) {
      throw new ServiceException(401, "UnauthorizedException", "Unauthorized");
    }
    Decision decision =
        PolicyEngine.decide(
            state.policiesOf(known).stream().map(Policy::document).toList(),
            new AccessRequest(action, resource, variables(state, known, client)));
    if (!decision.allowed()) {
      throw new ServiceException(403, "ForbiddenException", "Forbidden");
    }
  }

  // There is no client id over HTTP, so the thing is known only when there is just one.
  private static Variables variables(
      RegistryState state, DeviceCertificate known, RestRequest.Client client) {
    Set<String> things = known.things();
    String thing = things.size() == 1 ? things.iterator().next() : "";
    ClientVariables variables =
        new ClientVariables(
            state,
            known,
            new ClientVariables.Connection(
                thing, client.certificate(), Map.of("aws:SourceIp", List.of(client.address()))));
    return name -> name.equals("iot:ClientId") ? List.of() : variables.values(name);
  }
}
