package io.snaprail.localiot.internal.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.snaprail.localiot.internal.limits.Quotas;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection: MQTT 3.1.1 as AWS IoT Core speaks it. Everything but {@link #wake} and {@link
 * #end} runs on the connection's own network thread.
 */
final class MqttConnection extends SimpleChannelInboundHandler<MqttMessage> implements Link {
  static final String IDLE_HANDLER = "idle";

  private final BrokerContext context;
  private final TlsPeer.Identity identity;
  private final Publishing publishing;
  private final Subscribing subscribing;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Pacing pacing;
  private final Sender sender;
  private final ReadGate gate;

  // Set when the channel is registered and never again.
  private @Nullable ChannelHandlerContext channel;
  private @Nullable Client client;
  private Presence.@Nullable Stay stay;
  private volatile String certificateId = "";
  private DisconnectReason reason = DisconnectReason.CONNECTION_LOST;
  private boolean closing;
  private boolean messageCame;

  MqttConnection(BrokerContext context) {
    this(context, TlsPeer::certificate);
  }

  /** For tests, which have no TLS. */
  MqttConnection(BrokerContext context, TlsPeer.Identity identity) {
    this.context = context;
    this.identity = identity;
    this.publishing = new Publishing(context);
    this.subscribing = new Subscribing(context);
    this.pacing = new Pacing(context.rules().strict());
    this.sender = new Sender(context, this, pacing);
    this.gate = new ReadGate(pacing);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    channel = added;
  }

  @Override
  public void wake() {
    ChannelHandlerContext target = channel;
    if (target == null || !woken.compareAndSet(false, true)) {
      return;
    }
    execute(
        target,
        () -> {
          woken.set(false);
          drain(target);
        });
  }

  @Override
  public String certificateId() {
    return certificateId;
  }

  @Override
  public void end(DisconnectReason why, String words) {
    ChannelHandlerContext target = channel;
    if (target != null) {
      execute(target, () -> close(target, why, words));
    }
  }

  private static void execute(ChannelHandlerContext target, Runnable task) {
    try {
      target.executor().execute(task);
    } catch (RejectedExecutionException stopped) {
      // The endpoint is stopping: the connection ends with it.
      target.close();
    }
  }

  /** A whole packet goes into the codec. */
  void packetBegins() {
    messageCame = false;
  }

  /** The codec has had a whole packet. */
  void packetEnds(ChannelHandlerContext target) {
    if (!messageCame) {
      close(target, "malformed packet: it ends before what it announces");
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext target, MqttMessage message) {
    messageCame = true;
    if (closing) {
      return;
    }
    if (message.decoderResult().isFailure()) {
      undecodable(target, message.decoderResult().cause());
    } else if (client == null) {
      first(target, message);
    } else {
      dispatch(target, client, message);
    }
  }

  private void first(ChannelHandlerContext target, MqttMessage message) {
    if (message instanceof MqttConnectMessage connect) {
      connect(target, connect);
    } else {
      close(target, "expected CONNECT first, found " + message.fixedHeader().messageType());
    }
  }

  private void dispatch(ChannelHandlerContext target, Client from, MqttMessage message) {
    switch (message.fixedHeader().messageType()) {
      case PUBLISH -> publish(target, from, (MqttPublishMessage) message);
      case PUBACK -> {
        from.session().acknowledged(Packets.id(message));
        drain(target);
      }
      case SUBSCRIBE -> subscribe(target, from, (MqttSubscribeMessage) message);
      case UNSUBSCRIBE -> unsubscribe(target, from, (MqttUnsubscribeMessage) message);
      case PINGREQ -> target.write(MqttMessage.PINGRESP);
      case DISCONNECT -> {
        // A client that says goodbye leaves no will [MQTT-3.14.4-3].
        client = new Client(from.clientId(), from.authorizer(), from.session(), null);
        closing = true;
        reason = DisconnectReason.CLIENT_INITIATED_DISCONNECT;
        target.close();
      }
      default -> close(target, "unexpected " + message.fixedHeader().messageType());
    }
  }

  private void connect(ChannelHandlerContext target, MqttConnectMessage connect) {
    X509Certificate certificate = identity.certificate(target);
    if (certificate == null) {
      close(target, "no client certificate");
      return;
    }
    Admission.Result result =
        new Admission(context).admit(connect, certificate, TlsPeer.address(target));
    if (result instanceof Admission.Admitted admitted) {
      admit(target, connect, admitted);
    } else if (result instanceof Admission.Refused refused) {
      refuse(target, refused);
    }
  }

  private void refuse(ChannelHandlerContext target, Admission.Refused refused) {
    context.broker().metrics().refused.increment();
    if (refused.code() == 0) {
      close(target, refused.reason());
      return;
    }
    context
        .log()
        .warn(
            "refused " + refused.reason(),
            "client at %s refused with CONNACK %d: %s"
                .formatted(target.channel().remoteAddress(), refused.code(), refused.reason()));
    closing = true;
    target
        .writeAndFlush(Packets.connack(false, refused.code()))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void admit(
      ChannelHandlerContext target, MqttConnectMessage connect, Admission.Admitted admitted) {
    MqttConnectVariableHeader header = connect.variableHeader();
    Publication will = Publication.will(connect);
    if (header.isWillFlag() && will == null) {
      close(target, "client '" + admitted.clientId() + "': its last will cannot be taken");
      return;
    }
    keepAlive(target, header.keepAliveTimeSeconds());
    certificateId = admitted.authorizer().certificateId();
    Broker.Opened opened =
        context.broker().connect(admitted.clientId(), header.isCleanSession(), this);
    client = new Client(admitted.clientId(), admitted.authorizer(), opened.session(), will);
    context.broker().metrics().connections.incrementAndGet();
    if (!admitted.authorizer().active()) {
      // It was switched off between admission and now, when nobody could end this connection yet.
      close(target, DisconnectReason.AUTH_ERROR, "its certificate is not ACTIVE any more");
      return;
    }
    target.write(Packets.connack(opened.present(), 0));
    stay =
        context
            .broker()
            .presence()
            .connected(admitted.clientId(), certificateId, TlsPeer.address(target));
    sender.resume(client.session());
    drain(target);
  }

  private void keepAlive(ChannelHandlerContext target, int asked) {
    // [MQTT-3.1.2-24]: one and a half times.
    long millis = pacing.keepAliveSeconds(asked) * 1500L;
    IdleStateHandler handler = new IdleStateHandler(millis, 0, 0, TimeUnit.MILLISECONDS);
    target.pipeline().replace(IDLE_HANDLER, IDLE_HANDLER, handler);
  }

  private void publish(ChannelHandlerContext target, Client from, MqttPublishMessage message) {
    MqttFixedHeader header = message.fixedHeader();
    if (header.qosLevel() == MqttQoS.EXACTLY_ONCE) {
      close(target, "publish with QoS 2: the service takes QoS 0 and 1");
      return;
    }
    if (!pacing.publish(context.broker().nanoTime())) {
      // Discarded, not refused: QoS 1 gets no PUBACK and comes again.
      context.broker().metrics().discarded.increment();
      context
          .log()
          .warn(
              "rate " + from.clientId(),
              "client '%s': more than %d publishes in a second; the rest is discarded"
                  .formatted(from.clientId(), Quotas.PUBLISHES_PER_SECOND));
      return;
    }
    pacing.passed(message.payload().readableBytes());
    MqttPublishVariableHeader variable = message.variableHeader();
    Message taken = new Message(variable.topicName(), ByteBufUtil.getBytes(message.payload()));
    Publication publication = new Publication(taken, header.qosLevel().value(), header.isRetain());
    Optional<Fault> fault = publishing.publish(from, publication);
    if (fault.isPresent()) {
      close(target, fault.get().reason(), fault.get().words());
    } else if (publication.qos() == 1) {
      target.write(Packets.puback(variable.packetId()));
    }
  }

  private void subscribe(ChannelHandlerContext target, Client from, MqttSubscribeMessage message) {
    Optional<String> fault = Subscribing.fault(message.payload().topicSubscriptions());
    if (fault.isPresent()) {
      close(target, fault.get());
      return;
    }
    tell(true, subscribing.subscribe(from, message, target::write));
  }

  private void unsubscribe(
      ChannelHandlerContext target, Client from, MqttUnsubscribeMessage message) {
    List<String> filters = message.payload().topics();
    if (filters.isEmpty()) {
      close(target, "unsubscribe: expected at least one filter");
      return;
    }
    filters.forEach(filter -> context.broker().unsubscribe(from.session(), filter));
    target.write(Packets.unsuback(message));
    tell(false, filters);
  }

  private void tell(boolean subscribed, List<String> filters) {
    Presence.Stay present = stay;
    if (present != null && !filters.isEmpty()) {
      context.broker().presence().subscriptions(present, subscribed, filters);
    }
  }

  private void drain(ChannelHandlerContext target) {
    Client to = client;
    if (to != null && !closing) {
      sender.drain(target, to);
    }
  }

  // Answers are sent together, once all that has come is read.
  @Override
  public void channelReadComplete(ChannelHandlerContext target) {
    target.flush();
    gate.pace(target, context.broker().nanoTime());
    target.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext target) {
    gate.update(target);
    drain(target);
    target.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext target, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      close(
          target,
          DisconnectReason.MQTT_KEEP_ALIVE_TIMEOUT,
          client == null ? "no CONNECT in time" : "nothing heard for 1.5 x keep-alive");
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      context.broker().metrics().refused.increment();
      close(target, "TLS handshake failed: " + TlsPeer.reasonOf(handshake.cause()));
    } else if (event instanceof SslHandshakeCompletionEvent
        && context.rules().strict()
        && !TlsPeer.namesServer(target)) {
      context.broker().metrics().refused.increment();
      close(target, "TLS without server name (SNI); give the client a host name, not an address");
    }
    super.userEventTriggered(target, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext target) {
    closing = true;
    Client gone = client;
    client = null;
    if (gone != null) {
      context.broker().metrics().connections.decrementAndGet();
      context.broker().disconnected(gone.session(), this);
      Presence.Stay present = stay;
      if (present != null) {
        context.broker().presence().disconnected(present, reason);
      }
      Publication will = gone.will();
      if (will != null) {
        publishing.publishWill(gone, will);
      }
    }
    target.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext target, Throwable cause) {
    if (!closing) {
      close(
          target,
          cause instanceof IOException
              ? DisconnectReason.CONNECTION_LOST
              : DisconnectReason.CLIENT_ERROR,
          TlsPeer.reasonOf(cause));
    }
  }

  private void undecodable(ChannelHandlerContext target, Throwable cause) {
    Admission.Refused refused = Admission.undecodable(cause);
    if (client == null && refused.code() != 0) {
      refuse(target, refused);
    } else {
      close(target, refused.reason());
    }
  }

  /** Ends the connection because the client has broken a rule. */
  private void close(ChannelHandlerContext target, String words) {
    close(target, DisconnectReason.CLIENT_ERROR, words);
  }

  /** Ends the connection for a reason; a last will is sent. */
  private void close(ChannelHandlerContext target, DisconnectReason why, String words) {
    if (closing) {
      return;
    }
    closing = true;
    reason = why;
    String who =
        client == null
            ? "client at " + target.channel().remoteAddress()
            : "client '" + client.clientId() + "'";
    // Who has not shown who it is chooses its own words: of those only their kind counts.
    String kind =
        client == null
            ? TlsPeer.address(target) + " before CONNECT: " + TlsPeer.kindOf(words)
            : client.clientId() + ' ' + words;
    context.log().warn("closed " + kind, who + " is disconnected: " + words);
    target.close();
  }
}
