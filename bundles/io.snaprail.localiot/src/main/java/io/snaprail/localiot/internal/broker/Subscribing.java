package io.snaprail.localiot.internal.broker;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The rules for what clients subscribe to. */
final class Subscribing {
  /** SUBACK: refused. */
  static final int FAILURE = 0x80;

  private final BrokerContext context;

  Subscribing(BrokerContext context) {
    this.context = context;
  }

  /** What ends the connection of a client that asks so; empty when nothing does. */
  static Optional<String> fault(List<MqttTopicSubscription> asked) {
    if (asked.isEmpty() || asked.size() > Quotas.FILTERS_PER_SUBSCRIBE) {
      return Optional.of(
          "subscribe: expected 1..%d filters, found %d"
              .formatted(Quotas.FILTERS_PER_SUBSCRIBE, asked.size()));
    }
    for (MqttTopicSubscription one : asked) {
      if (one.qualityOfService() != MqttQoS.AT_MOST_ONCE
          && one.qualityOfService() != MqttQoS.AT_LEAST_ONCE) {
        return Optional.of("subscribe with QoS 2: the service takes QoS 0 and 1");
      }
      Optional<String> fault = Topics.filterFault(one.topicFilter());
      if (fault.isPresent()) {
        return fault.map(words -> "subscribe to '" + one.topicFilter() + "': " + words);
      }
    }
    return Optional.empty();
  }

  /**
   * Subscribes to what a packet without {@link #fault} asks for.
   *
   * @param answer takes SUBACK, which comes before what is retained
   * @return the filters that were taken
   */
  List<String> subscribe(
      Client client, MqttSubscribeMessage message, Consumer<MqttMessage> answer) {
    List<MqttTopicSubscription> asked = message.payload().topicSubscriptions();
    int[] codes = new int[asked.size()];
    for (int i = 0; i < codes.length; i++) {
      MqttTopicSubscription one = asked.get(i);
      codes[i] = subscribe(client, one.topicFilter(), one.qualityOfService().value());
    }
    answer.accept(Packets.suback(message, codes));
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] != FAILURE) {
        taken.add(asked.get(i).topicFilter());
        context.broker().sendRetained(client.session(), asked.get(i).topicFilter(), codes[i]);
      }
    }
    return taken;
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
