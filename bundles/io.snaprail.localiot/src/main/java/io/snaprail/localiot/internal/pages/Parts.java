package io.snaprail.localiot.internal.pages;

import io.snaprail.localiot.internal.broker.BrokerContext;
import io.snaprail.localiot.internal.jobs.JobService;
import io.snaprail.localiot.internal.provisioning.ProvisioningService;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.rules.RuleService;
import io.snaprail.localiot.internal.shadow.ShadowOperations;

/**
 * The endpoint as its pages see it, once it is there.
 *
 * @param registry things, certificates, policies
 * @param started what works
 * @param about where it is reached
 */
public record Parts(Registry registry, Started started, About about) {

  /**
   * What works.
   *
   * @param broker for clients that live inside
   * @param shadows the shadow service
   * @param jobs the job service
   * @param provisioning the provisioning service
   * @param rules the rules engine
   */
  public record Started(
      BrokerContext broker,
      ShadowOperations shadows,
      JobService jobs,
      ProvisioningService provisioning,
      RuleService rules) {}

  /**
   * Where the endpoint is reached.
   *
   * @param host name or address
   * @param port of MQTT
   * @param rootsPem certificates that a client has to trust
   */
  public record About(String host, int port, String rootsPem) {}

  /** For clients that live inside. */
  BrokerContext broker() {
    return started.broker();
  }

  /** The job service. */
  JobService jobs() {
    return started.jobs();
  }

  /** The provisioning service. */
  ProvisioningService provisioning() {
    return started.provisioning();
  }

  /** The rules engine. */
  RuleService rules() {
    return started.rules();
  }

  /** The shadow service. */
  ShadowOperations shadows() {
    return started.shadows();
  }
}
