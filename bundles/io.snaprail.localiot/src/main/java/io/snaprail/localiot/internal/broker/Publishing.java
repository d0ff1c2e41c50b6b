package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.Decision;
import java.util.Optional;

/** The rules for what clients publish. */
final class Publishing {
  private final BrokerContext context;

  Publishing(BrokerContext context) {
    this.context = context;
  }

  /**
   * Takes a publication.
   *
   * @return why the connection has to end; empty when it was taken
   */
  Optional<Fault> publish(Client client, Publication publication) {
    String topic = publication.message().topic();
    Optional<Fault> fault = fault(client, publication);
    if (fault.isPresent()) {
      return fault.map(one -> one.on(topic));
    }
    context.broker().metrics().received.increment();
    context.broker().tapped(client.clientId(), publication.message());
    if (Topics.reserved(topic)) {
      return toService(client, publication.message());
    }
    toSubscribers(publication);
    return Optional.empty();
  }

  /** Publishes a last will, unless the client may not; reserved topics take none. */
  void publishWill(Client client, Publication will) {
    String topic = will.message().topic();
    Optional<Fault> fault =
        Topics.reserved(topic)
            ? Optional.of(Fault.broken("reserved topics take no last will"))
            : fault(client, will);
    if (fault.isPresent()) {
      context
          .log()
          .warn(
              "will " + client.clientId(),
              "client '%s': last will on '%s' is dropped: %s"
                  .formatted(client.clientId(), topic, fault.get().words()));
      return;
    }
    context.broker().tapped(client.clientId(), will.message());
    toSubscribers(will);
  }

  private Optional<Fault> fault(Client client, Publication publication) {
    Message message = publication.message();
    Optional<String> topicFault = Topics.topicFault(message.topic());
    if (topicFault.isPresent()) {
      return topicFault.map(Fault::broken);
    }
    if (message.payload().length > Quotas.PAYLOAD_BYTES) {
      return Optional.of(
          Fault.broken(
              "at most " + Quotas.PAYLOAD_BYTES + " bytes, found " + message.payload().length));
    }
    Decision decision = client.authorizer().publish(message.topic());
    if (!decision.allowed()) {
      return Optional.of(Fault.denied("iot:Publish: " + decision.words()));
    }
    return publication.retain() ? retainFault(client, message.topic()) : Optional.empty();
  }

  private static Optional<Fault> retainFault(Client client, String topic) {
    if (Topics.reserved(topic)) {
      return Optional.of(Fault.broken("nothing is retained on reserved topics"));
    }
    Decision decision = client.authorizer().retain(topic);
    return decision.allowed()
        ? Optional.empty()
        : Optional.of(Fault.denied("iot:RetainPublish: " + decision.words()));
  }

  private void toSubscribers(Publication publication) {
    Message message = publication.message();
    if (publication.retain() && !context.broker().retain(message)) {
      context
          .log()
          .warn(
              "retained",
              "there is no room to retain the message on '%s': at most %d messages of %d bytes together"
                  .formatted(message.topic(), Quotas.RETAINED_MESSAGES, Quotas.RETAINED_BYTES));
    }
    context.broker().publish(message, publication.qos());
  }

  private Optional<Fault> toService(Client client, Message message) {
    String topic = message.topic();
    for (TopicService service : context.services()) {
      if (service.serves(topic)) {
        service.request(client.clientId(), topic, message.payload());
        return Optional.empty();
      }
    }
    if (!Topics.service(topic)) {
      return Optional.of(Fault.denied("topics that begin with '$' are reserved").on(topic));
    }
    // Rules and the services that are not offered here: taken and acknowledged, as nobody listens.
    if (!Topics.basicIngest(topic)) {
      context
          .log()
          .warn(
              "unserved " + client.clientId(),
              "client '%s': nothing answers on '%s' at the local endpoint"
                  .formatted(client.clientId(), topic));
    }
    return Optional.empty();
  }
}
