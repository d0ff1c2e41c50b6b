package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.Decision;
import java.util.Optional;

/** The rules for what clients subscribe to. */
final class Subscribing {
  /** SUBACK: refused. */
  static final int FAILURE = 0x80;

  private final BrokerContext context;

  Subscribing(BrokerContext context) {
    this.context = context;
  }

  /**
   * Subscribes a client to a filter that is well formed.
   *
   * @param qos 0 or 1
   * @return the code for SUBACK: the QoS, or {@link #FAILURE}
   */
  int subscribe(Client client, String filter, int qos) {
    Optional<String> fault = fault(client, filter);
    if (fault.isEmpty() && !context.broker().subscribe(client.session(), filter, qos)) {
      fault =
          Optional.of(
              "at most " + Quotas.SUBSCRIPTIONS_PER_CONNECTION + " subscriptions a connection");
    }
    if (fault.isEmpty()) {
      return qos;
    }
    context
        .log()
        .warn(
            "subscribe " + client.clientId() + ' ' + fault.get(),
            "client '%s': subscription to '%s' refused: %s"
                .formatted(client.clientId(), filter, fault.get()));
    return FAILURE;
  }

  private static Optional<String> fault(Client client, String filter) {
    Optional<String> length = Topics.lengthFault(filter);
    if (length.isPresent()) {
      return length;
    }
    if (Topics.reserved(filter) && !Topics.service(filter)) {
      return Optional.of("of the filters that begin with '$' only those under $aws/ are known");
    }
    Decision decision = client.authorizer().subscribe(filter);
    return decision.allowed()
        ? Optional.empty()
        : Optional.of("iot:Subscribe: " + decision.words());
  }
}
