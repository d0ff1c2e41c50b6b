package io.snaprail.localiot.internal;

import io.snaprail.localiot.internal.broker.Broker;
import io.snaprail.localiot.internal.broker.HttpMessages;
import io.snaprail.localiot.internal.broker.TopicService;
import io.snaprail.localiot.internal.jobs.JobService;
import io.snaprail.localiot.internal.jobs.JobTargets;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.provisioning.ProvisioningService;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.rules.RuleService;
import io.snaprail.localiot.internal.service.Faults;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceThread;
import io.snaprail.localiot.internal.shadow.ShadowOperations;
import io.snaprail.localiot.internal.shadow.ShadowTopics;
import io.snaprail.localiot.internal.shadow.Shadows;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The services behind reserved topics, put together. */
public final class Services {
  private final List<TopicService> topics;
  private final ShadowOperations shadows;
  private final JobService jobs;
  private final ProvisioningService provisioning;
  private final HttpMessages messages;
  private final RuleService rules;

  /**
   * What the services need.
   *
   * @param registry things, certificates, policies
   * @param thread where they work
   * @param broker where they answer, and what rules look at
   * @param clock for timestamps
   * @param folder for everything that they keep
   * @param faults told what people should know
   * @param strict whether rates are limited as AWS limits them
   */
  public record Needs(
      Registry registry,
      ServiceThread thread,
      Broker broker,
      Clock clock,
      Path folder,
      Faults faults,
      boolean strict) {}

  /** Reads what is there; starts nothing. */
  public Services(Needs needs) {
    Outbox outbox = outbox(needs.broker());
    Shadows kept =
        new Shadows(
            needs.folder().resolve("shadows"),
            thing -> needs.registry().state().things().containsKey(thing),
            needs.clock(),
            fault -> needs.faults().report("shadow", fault));
    shadows = new ShadowOperations(kept, needs.thread(), outbox, needs.clock());
    jobs =
        new JobService(
            new JobService.Store(
                needs.folder().resolve("jobs"),
                targets(needs.registry()),
                needs.clock(),
                fault -> needs.faults().report("jobs", fault)),
            needs.thread(),
            outbox,
            jobGate(needs));
    provisioning =
        new ProvisioningService(
            new ProvisioningService.Store(
                needs.registry(),
                needs.folder(),
                needs.clock(),
                fault -> needs.faults().report("provisioning", fault)),
            needs.thread(),
            outbox,
            provisioningGate());
    topics =
        List.of(
            new ShadowTopics(kept, needs.thread(), outbox, shadowGate(needs)), jobs, provisioning);
    messages = new HttpMessages(needs.broker(), topics);
    rules =
        new RuleService(
            new RuleService.Store(needs.folder(), needs.clock(), needs.faults()),
            needs.thread(),
            (topic, payload, qos) -> messages.publish(topic, payload, qos, false));
    needs.broker().tap(rules);
  }

  private static Outbox outbox(Broker broker) {
    return new Outbox() {
      @Override
      public void publish(String topic, byte[] payload) {
        broker.publishFromService(topic, payload);
      }

      @Override
      public void answer(String clientId, String topic, byte[] payload) {
        broker.answerFromService(clientId, topic, payload);
      }
    };
  }

  /** Functions behind reserved topics. */
  public List<TopicService> topics() {
    return topics;
  }

  /** Shadows as operations. */
  public ShadowOperations shadows() {
    return shadows;
  }

  /** Jobs as operations. */
  public JobService jobs() {
    return jobs;
  }

  /** Provisioning templates as operations. */
  public ProvisioningService provisioning() {
    return provisioning;
  }

  /** Messages of those who have no session. */
  public HttpMessages messages() {
    return messages;
  }

  /** Rules as operations. */
  public RuleService rules() {
    return rules;
  }

  /** Looks for what has to end by itself. Call it every few seconds. */
  public void sweep() {
    jobs.sweep();
    provisioning.sweep();
  }

  private static JobTargets targets(Registry registry) {
    return new JobTargets() {
      @Override
      public boolean hasThing(String name) {
        return registry.state().things().containsKey(name);
      }

      @Override
      public boolean hasGroup(String name) {
        return registry.state().groups().containsKey(name);
      }

      @Override
      public Collection<String> things(String group) {
        try {
          return registry.groups().things(group, true);
        } catch (RegistryException gone) {
          return Set.of();
        }
      }
    };
  }

  private static RequestGate provisioningGate() {
    return new RequestGate(
        new RequestGate.Limits(Quotas.SHADOW_REQUESTS_TOTAL, Quotas.PROVISIONING_REQUESTS, 0),
        System::nanoTime);
  }

  private static RequestGate jobGate(Needs needs) {
    return new RequestGate(
        new RequestGate.Limits(
            Quotas.SHADOW_REQUESTS_TOTAL,
            Quotas.SHADOW_REQUESTS_TOTAL,
            needs.strict() ? Quotas.JOB_REQUESTS_PER_SECOND : 0),
        System::nanoTime);
  }

  private static RequestGate shadowGate(Needs needs) {
    return new RequestGate(
        new RequestGate.Limits(
            Quotas.SHADOW_REQUESTS_TOTAL,
            needs.strict() ? Quotas.SHADOW_REQUESTS_IN_FLIGHT : Quotas.SHADOW_REQUESTS_TOTAL,
            needs.strict() ? Quotas.SHADOW_REQUESTS_PER_SECOND : 0),
        System::nanoTime);
  }
}
