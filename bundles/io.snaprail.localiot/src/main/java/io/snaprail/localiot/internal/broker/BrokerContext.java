package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.Registry;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every connection needs.
 *
 * @param broker sessions and routing
 * @param registry certificates and policies
 * @param arns names of resources
 * @param services functions behind reserved topics
 * @param rules how close it keeps to AWS
 * @param strangers told of a certificate that is not registered; must return at once
 * @param log for what clients do wrong
 */
public record BrokerContext(
    Broker broker,
    Registry registry,
    Arns arns,
    List<TopicService> services,
    Rules rules,
    Consumer<X509Certificate> strangers,
    LimitedLog log) {

  /** Copies the list. */
  public BrokerContext {
    services = List.copyOf(services);
  }
}
