package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.Registry;
import java.util.List;

/**
 * What every connection needs.
 *
 * @param broker sessions and routing
 * @param registry certificates and policies
 * @param arns names of resources
 * @param services functions behind reserved topics
 * @param unauthorizedCode CONNACK code for clients that may not connect, 5 or 7
 * @param log for what clients do wrong
 */
public record BrokerContext(
    Broker broker,
    Registry registry,
    Arns arns,
    List<TopicService> services,
    int unauthorizedCode,
    LimitedLog log) {

  /** Copies the list. */
  public BrokerContext {
    services = List.copyOf(services);
  }
}
