package io.snaprail.localiot.internal.broker;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.snaprail.localiot.internal.registry.ClientVariables;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client that lives inside the endpoint: the same rules as for one that comes over the network,
 * without the network. Everything but {@link #wake} and {@link #end} is called on its executor,
 * which runs one task after the other; so is its listener.
 */
public final class InsideClient implements Link {
  /** What is taken in one go before other tasks get their turn. */
  private static final int BURST = 128;

  private static final Optional<String> GONE = Optional.of("the client is disconnected");

  private final BrokerContext context;
  private final Publishing publishing;
  private final Subscribing subscribing;
  private final Executor executor;
  private final Listener listener;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Client client;
  private final String certificateId;
  private boolean ended;

  /** Told what comes. */
  public interface Listener {
    /**
     * A message.
     *
     * @param payload not to be changed
     * @param qos 0 or 1
     * @param retained whether it was kept from earlier
     */
    void message(String topic, byte[] payload, int qos, boolean retained);

    /** It was disconnected, for a reason in plain words; nothing comes any more. */
    void ended(String reason);
  }

  private InsideClient(BrokerContext context, Identity as, Executor executor, Listener listener) {
    this.context = context;
    this.certificateId = as.certificateId();
    this.publishing = new Publishing(context);
    this.subscribing = new Subscribing(context);
    this.executor = executor;
    this.listener = listener;
    Session session = context.broker().connect(as.clientId(), true, this).session();
    this.client = new Client(as.clientId(), as.rights(), session, null);
  }

  /**
   * Who it is.
   *
   * @param certificateId empty for none
   */
  private record Identity(String clientId, String certificateId, Rights rights) {}

  /** A client that may do everything. */
  public static InsideClient free(
      BrokerContext context, String clientId, Executor executor, Listener listener) {
    return new InsideClient(context, new Identity(clientId, "", Rights.ALL), executor, listener);
  }

  /**
   * A client that may do what a certificate may.
   *
   * @param connection client id, certificate, and where it would come from
   * @throws RefusedException when it may not connect; the message says why
   */
  public static InsideClient as(
      ClientVariables.Connection connection,
      BrokerContext context,
      Executor executor,
      Listener listener)
      throws RefusedException {
    Admission.Result result = new Admission(context).authorize(connection);
    if (result instanceof Admission.Refused refused) {
      throw new RefusedException(refused.reason());
    }
    Authorizer rights = ((Admission.Admitted) result).authorizer();
    Identity as = new Identity(connection.clientId(), rights.certificateId(), rights);
    InsideClient client = new InsideClient(context, as, executor, listener);
    if (!rights.active()) {
      client.end(DisconnectReason.AUTH_ERROR, "its certificate is not ACTIVE any more");
    }
    return client;
  }

  /** A client may not connect. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason);
    }
  }

  /**
   * Publishes.
   *
   * @param payload not changed afterwards
   * @param qos 0 or 1
   * @return why it was not taken, which ends the connection; empty when it was
   */
  public Optional<String> publish(String topic, byte[] payload, int qos, boolean retain) {
    if (ended) {
      return GONE;
    }
    Optional<String> fault =
        publishing
            .publish(client, new Publication(new Message(topic, payload), qos, retain))
            .map(Fault::words);
    fault.ifPresent(this::finish);
    return fault;
  }

  /**
   * Subscribes.
   *
   * @param qos 0 or 1
   * @return why it was refused; empty when it was not
   */
  public Optional<String> subscribe(String filter, int qos) {
    if (ended) {
      return GONE;
    }
    Optional<String> malformed =
        Subscribing.fault(List.of(new MqttTopicSubscription(filter, MqttQoS.valueOf(qos))));
    if (malformed.isPresent()) {
      return malformed;
    }
    if (subscribing.subscribe(client, filter, qos) == Subscribing.FAILURE) {
      return Optional.of(
          "the subscription to '"
              + filter
              + "' is refused: "
              + (client.authorizer().subscribe(filter).allowed()
                  ? "it is too long or too deep, or there are too many"
                  : "iot:Subscribe: " + client.authorizer().subscribe(filter).words()));
    }
    context.broker().sendRetained(client.session(), filter, qos);
    return Optional.empty();
  }

  /** Ends a subscription. */
  public void unsubscribe(String filter) {
    context.broker().unsubscribe(client.session(), filter);
  }

  /** Says goodbye; the listener is not told. */
  public void close() {
    if (!ended) {
      ended = true;
      context.broker().disconnected(client.session(), this);
    }
  }

  @Override
  public void wake() {
    if (woken.compareAndSet(false, true)) {
      execute(this::drain);
    }
  }

  @Override
  public String certificateId() {
    return certificateId;
  }

  @Override
  public void end(DisconnectReason why, String words) {
    execute(() -> finish(words));
  }

  private void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException stopped) {
      // The endpoint is stopping, and its sessions end with it.
      woken.set(true);
    }
  }

  private void finish(String reason) {
    if (!ended) {
      close();
      listener.ended(reason);
    }
  }

  private void drain() {
    woken.set(false);
    for (int i = 0; !ended; i++) {
      Delivery next = client.session().peek(this);
      if (next == null) {
        return;
      }
      if (i == BURST) {
        wake();
        return;
      }
      if (!client.authorizer().receive(next.message().topic()).allowed()) {
        client.session().skip(this, next);
      } else {
        take(next);
      }
    }
  }

  private void take(Delivery next) {
    Message message = next.message();
    int packetId = client.session().take(this, next);
    if (packetId < 0) {
      return;
    }
    if (packetId > 0) {
      client.session().acknowledged(packetId);
    }
    context.broker().metrics().sent.increment();
    listener.message(message.topic(), message.payload(), next.qos(), next.retained());
  }
}
