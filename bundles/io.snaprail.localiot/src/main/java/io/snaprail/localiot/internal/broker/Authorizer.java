package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.policy.AccessRequest;
import io.snaprail.localiot.internal.policy.Decision;
import io.snaprail.localiot.internal.policy.PolicyEngine;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.ClientVariables;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Policy;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one connection may do, by the registry as it is at that moment. Remembers its last answers
 * until the registry changes. Used by the connection's thread only.
 */
final class Authorizer implements Rights {
  private static final int REMEMBERED = 256;

  private final Registry registry;
  private final Arns arns;
  private final String certificateId;
  private final ClientVariables.Connection connection;
  private final Map<String, Decision> remembered = new LinkedHashMap<>();
  private RegistryState rememberedOf = RegistryState.EMPTY;

  Authorizer(
      Registry registry, Arns arns, String certificateId, ClientVariables.Connection connection) {
    this.registry = registry;
    this.arns = arns;
    this.certificateId = certificateId;
    this.connection = connection;
  }

  String certificateId() {
    return certificateId;
  }

  /** Whether its certificate may be used now. */
  boolean active() {
    return registry.active(certificateId);
  }

  @Override
  public Decision connect() {
    return decide("iot:Connect", arns.client(connection.clientId()));
  }

  @Override
  public Decision publish(String topic) {
    return decide("iot:Publish", arns.topic(topic));
  }

  @Override
  public Decision retain(String topic) {
    return decide("iot:RetainPublish", arns.topic(topic));
  }

  @Override
  public Decision receive(String topic) {
    return decide("iot:Receive", arns.topic(topic));
  }

  @Override
  public Decision subscribe(String filter) {
    return decide("iot:Subscribe", arns.topicFilter(filter));
  }

  private Decision decide(String action, String resource) {
    RegistryState state = registry.state();
    forgetIfChanged(state);
    String key = action + ' ' + resource;
    Decision known = remembered.get(key);
    if (known != null) {
      return known;
    }
    Decision decision = decide(state, action, resource);
    if (remembered.size() >= REMEMBERED) {
      remembered.remove(remembered.keySet().iterator().next());
    }
    remembered.put(key, decision);
    return decision;
  }

  // The registry replaces its state as a whole: another instance is a change, and comparing all of
  // it for each message would cost more than deciding anew.
  @SuppressWarnings("ReferenceEquality")
  private void forgetIfChanged(RegistryState state) {
    if (state != rememberedOf) {
      remembered.clear();
      rememberedOf = state;
    }
  }

  private Decision decide(RegistryState state, String action, String resource) {
    DeviceCertificate known = state.certificates().get(certificateId);
    if (known == null || known.status() != DeviceCertificate.Status.ACTIVE) {
      return Decision.NOT_ALLOWED;
    }
    return PolicyEngine.decide(
        state.policiesOf(known).stream().map(Policy::document).toList(),
        new AccessRequest(action, resource, new ClientVariables(state, known, connection)));
  }
}
