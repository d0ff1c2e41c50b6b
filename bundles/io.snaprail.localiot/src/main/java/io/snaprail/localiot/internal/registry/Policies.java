package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyException;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Operations on policies (AWS IoT API: CreatePolicy, CreatePolicyVersion, AttachPolicy, ...). */
public final class Policies {
  private final Registry registry;

  Policies(Registry registry) {
    this.registry = registry;
  }

  /** Makes a policy with its first version. */
  public Policy create(String name, String document) throws RegistryException {
    PolicyDocument parsed = parse(document);
    return find(
        registry.apply(
            state -> {
              if (state.policies().containsKey(name)) {
                throw new RegistryException(
                    Kind.RESOURCE_ALREADY_EXISTS,
                    "policy '" + name + "' exists; make a version of it instead");
              }
              return state.with(Policy.first(name, parsed, now()));
            }),
        name);
  }

  /** Makes a version of a policy, and makes it count at once when {@code asDefault}. */
  public Policy createVersion(String name, String document, boolean asDefault)
      throws RegistryException {
    PolicyDocument parsed = parse(document);
    return find(
        registry.apply(
            state -> {
              Policy policy = find(state, name);
              if (policy.versions().size() >= Quotas.POLICY_VERSIONS) {
                throw new RegistryException(
                    Kind.VERSIONS_LIMIT_EXCEEDED,
                    "policy '%s' has %d versions, which is the most; delete one first"
                        .formatted(name, Quotas.POLICY_VERSIONS));
              }
              return state.with(policy.withVersion(parsed, now(), asDefault));
            }),
        name);
  }

  /** Makes a version count. */
  public void setDefault(String name, int version) throws RegistryException {
    registry.apply(
        state -> {
          Policy policy = find(state, name);
          requireVersion(policy, version);
          return state.with(policy.withDefault(version));
        });
  }

  /** Deletes a version that does not count. */
  public void deleteVersion(String name, int version) throws RegistryException {
    registry.apply(
        state -> {
          Policy policy = find(state, name);
          requireVersion(policy, version);
          if (policy.defaultVersion() == version) {
            throw new RegistryException(
                Kind.DELETE_CONFLICT,
                "version %d of policy '%s' is the default; make another one the default first"
                    .formatted(version, name));
          }
          return state.with(policy.withoutVersion(version));
        });
  }

  /** Deletes a policy that is attached to nothing and has no version but the default. */
  public void delete(String name) throws RegistryException {
    registry.apply(
        state -> {
          Policy policy = find(state, name);
          List<String> targets = targets(state, name);
          if (!targets.isEmpty()) {
            throw new RegistryException(
                Kind.DELETE_CONFLICT,
                "policy '%s' is attached to %d targets, such as %s; detach it first"
                    .formatted(name, targets.size(), targets.get(0)));
          }
          if (policy.versions().size() > 1) {
            throw new RegistryException(
                Kind.DELETE_CONFLICT,
                "policy '%s' has %d versions; delete all but the default first"
                    .formatted(name, policy.versions().size()));
          }
          return state.withPolicies(ThingTables.minus(state.policies(), name));
        });
  }

  /** One policy. */
  public Policy describe(String name) throws RegistryException {
    return find(registry.state(), name);
  }

  /** All policies, by name. */
  public List<Policy> list() {
    return List.copyOf(registry.state().policies().values());
  }

  /** Ids of the certificates and {@code group/NAME} of the groups that it is attached to. */
  public List<String> targets(String name) throws RegistryException {
    RegistryState state = registry.state();
    find(state, name);
    return targets(state, name);
  }

  /** Attaches a policy to a certificate; succeeds when it is attached. */
  public void attach(String name, String certificateId) throws RegistryException {
    registry.apply(
        state -> {
          find(state, name);
          DeviceCertificate certificate = DeviceCertificates.find(state, certificateId);
          if (certificate.status() == DeviceCertificate.Status.PENDING_TRANSFER) {
            throw new RegistryException(
                Kind.CERTIFICATE_STATE,
                "certificate " + certificateId + " is being transferred; cancel that first");
          }
          Set<String> policies = ThingGroup.plus(certificate.policies(), name);
          requireFew("certificate " + certificateId, policies, Quotas.POLICIES_PER_CERTIFICATE);
          return state.with(certificate.withPolicies(policies));
        });
  }

  /** Detaches a policy from a certificate; succeeds when it is not attached. */
  public void detach(String name, String certificateId) throws RegistryException {
    registry.apply(
        state -> {
          find(state, name);
          DeviceCertificate certificate = DeviceCertificates.find(state, certificateId);
          return state.with(
              certificate.withPolicies(ThingGroup.minus(certificate.policies(), name)));
        });
  }

  /** Attaches a policy to a group; succeeds when it is attached. */
  public void attachToGroup(String name, String group) throws RegistryException {
    registry.apply(
        state -> {
          find(state, name);
          ThingGroup target = ThingGroups.find(state, group);
          Set<String> policies = ThingGroup.plus(target.policies(), name);
          requireFew("thing group '" + group + "'", policies, Quotas.POLICIES_PER_GROUP);
          return state.with(state.tables().with(target.withPolicies(policies)));
        });
  }

  /** Detaches a policy from a group; succeeds when it is not attached. */
  public void detachFromGroup(String name, String group) throws RegistryException {
    registry.apply(
        state -> {
          find(state, name);
          ThingGroup target = ThingGroups.find(state, group);
          return state.with(
              state.tables().with(target.withPolicies(ThingGroup.minus(target.policies(), name))));
        });
  }

  private static void requireFew(String target, Set<String> policies, int most)
      throws RegistryException {
    if (policies.size() > most) {
      throw new RegistryException(
          Kind.LIMIT_EXCEEDED,
          target + " has " + most + " policies, which is the most; detach one first");
    }
  }

  static Policy find(RegistryState state, String name) throws RegistryException {
    Policy policy = state.policies().get(name);
    if (policy == null) {
      throw RegistryException.notFound("policy", name);
    }
    return policy;
  }

  private static void requireVersion(Policy policy, int version) throws RegistryException {
    if (!policy.versions().containsKey(version)) {
      throw RegistryException.notFound("version of policy '" + policy.name() + "'", "" + version);
    }
  }

  private static List<String> targets(RegistryState state, String name) {
    List<String> targets = new ArrayList<>();
    for (DeviceCertificate certificate : state.certificates().values()) {
      if (certificate.policies().contains(name)) {
        targets.add(certificate.id());
      }
    }
    for (ThingGroup group : state.groups().values()) {
      if (group.policies().contains(name)) {
        targets.add("group/" + group.name());
      }
    }
    return targets;
  }

  private static PolicyDocument parse(String document) throws RegistryException {
    try {
      return PolicyDocument.parse(document);
    } catch (PolicyException e) {
      throw new RegistryException(Kind.MALFORMED_POLICY, String.valueOf(e.getMessage()), e);
    }
  }

  private Instant now() {
    return registry.environment().clock().instant();
  }
}
