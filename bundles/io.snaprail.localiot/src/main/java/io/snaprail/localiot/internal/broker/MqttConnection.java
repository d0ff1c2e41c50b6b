package io.snaprail.localiot.internal.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.snaprail.localiot.internal.limits.Quotas;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
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

  /** What is sent in one go before others get their turn. */
  private static final int BURST = 128;

  private final BrokerContext context;
  private final Publishing publishing;
  private final Subscribing subscribing;
  private final AtomicBoolean woken = new AtomicBoolean();

  // Set when the channel is registered and never again.
  private @Nullable ChannelHandlerContext channel;
  private @Nullable Client client;
  private volatile String certificateId = "";
  private boolean closing;
  private boolean messageCame;

  MqttConnection(BrokerContext context) {
    this.context = context;
    this.publishing = new Publishing(context);
    this.subscribing = new Subscribing(context);
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
  public void end(String reason) {
    ChannelHandlerContext target = channel;
    if (target != null) {
      execute(target, () -> close(target, reason));
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
        from.session().acknowledged(packetId(message));
        drain(target);
      }
      case SUBSCRIBE -> subscribe(target, from, (MqttSubscribeMessage) message);
      case UNSUBSCRIBE -> unsubscribe(target, from, (MqttUnsubscribeMessage) message);
      case PINGREQ -> target.write(MqttMessage.PINGRESP);
      case DISCONNECT -> {
        // A client that says goodbye leaves no will [MQTT-3.14.4-3].
        client = new Client(from.clientId(), from.authorizer(), from.session(), null);
        closing = true;
        target.close();
      }
      default -> close(target, "unexpected " + message.fixedHeader().messageType());
    }
  }

  private static int packetId(MqttMessage message) {
    return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
  }

  // ---- CONNECT

  private void connect(ChannelHandlerContext target, MqttConnectMessage connect) {
    X509Certificate certificate = TlsPeer.certificate(target);
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
      close(target, "its certificate is not ACTIVE any more");
      return;
    }
    target.write(Packets.connack(opened.present(), 0));
    for (Map.Entry<Integer, Delivery> sent : opened.session().unacknowledged()) {
      write(target, sent.getValue(), sent.getKey(), true);
    }
    drain(target);
  }

  private static void keepAlive(ChannelHandlerContext target, int asked) {
    int seconds = asked == 0 || asked > Quotas.KEEP_ALIVE_MAX_S ? Quotas.KEEP_ALIVE_MAX_S : asked;
    // [MQTT-3.1.2-24]: one and a half times.
    IdleStateHandler handler = new IdleStateHandler(seconds * 1500L, 0, 0, TimeUnit.MILLISECONDS);
    target.pipeline().replace(IDLE_HANDLER, IDLE_HANDLER, handler);
  }

  // ---- PUBLISH, SUBSCRIBE, UNSUBSCRIBE

  private void publish(ChannelHandlerContext target, Client from, MqttPublishMessage message) {
    MqttFixedHeader header = message.fixedHeader();
    if (header.qosLevel() == MqttQoS.EXACTLY_ONCE) {
      close(target, "publish with QoS 2: the service takes QoS 0 and 1");
      return;
    }
    MqttPublishVariableHeader variable = message.variableHeader();
    Message taken = new Message(variable.topicName(), ByteBufUtil.getBytes(message.payload()));
    Publication publication = new Publication(taken, header.qosLevel().value(), header.isRetain());
    Optional<String> fault = publishing.publish(from, publication);
    if (fault.isPresent()) {
      close(target, fault.get());
    } else if (publication.qos() == 1) {
      target.write(Packets.puback(variable.packetId()));
    }
  }

  private void subscribe(ChannelHandlerContext target, Client from, MqttSubscribeMessage message) {
    List<MqttTopicSubscription> asked = message.payload().topicSubscriptions();
    Optional<String> fault = Subscribing.fault(asked);
    if (fault.isPresent()) {
      close(target, fault.get());
      return;
    }
    int[] codes = new int[asked.size()];
    for (int i = 0; i < codes.length; i++) {
      MqttTopicSubscription one = asked.get(i);
      codes[i] = subscribing.subscribe(from, one.topicFilter(), one.qualityOfService().value());
    }
    target.write(Packets.suback(message, codes));
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] != Subscribing.FAILURE) {
        context.broker().sendRetained(from.session(), asked.get(i).topicFilter(), codes[i]);
      }
    }
  }

  private void unsubscribe(
      ChannelHandlerContext target, Client from, MqttUnsubscribeMessage message) {
    if (message.payload().topics().isEmpty()) {
      close(target, "unsubscribe: expected at least one filter");
      return;
    }
    for (String filter : message.payload().topics()) {
      context.broker().unsubscribe(from.session(), filter);
    }
    target.write(Packets.unsuback(message));
  }

  // ---- to the client

  /** Sends what waits, as far as the socket takes it and the client has acknowledged. */
  private void drain(ChannelHandlerContext target) {
    Client to = client;
    if (to == null || closing) {
      return;
    }
    int sent = 0;
    while (target.channel().isWritable()) {
      Delivery next = to.session().peek(this);
      if (next == null) {
        break;
      }
      if (sent == BURST) {
        wake();
        break;
      }
      if (to.authorizer().receive(next.message().topic()).allowed()) {
        send(target, to, next);
        sent++;
      } else {
        to.session().skip(this, next);
      }
    }
    if (sent > 0) {
      target.flush();
    }
  }

  private void send(ChannelHandlerContext target, Client to, Delivery next) {
    int packetId = to.session().take(this, next);
    if (packetId >= 0) {
      context.broker().metrics().sent.increment();
      write(target, next, packetId, false);
    }
  }

  private static void write(
      ChannelHandlerContext target, Delivery delivery, int packetId, boolean duplicate) {
    target.write(Packets.publish(delivery, packetId, duplicate), target.voidPromise());
  }

  // Answers are sent together, once all that has come is read.
  @Override
  public void channelReadComplete(ChannelHandlerContext target) {
    target.flush();
    target.fireChannelReadComplete();
  }

  // Who does not take answers may not ask on: else the answers would pile up here.
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext target) {
    target.channel().config().setAutoRead(target.channel().isWritable());
    drain(target);
    target.fireChannelWritabilityChanged();
  }

  // ---- the end

  @Override
  public void userEventTriggered(ChannelHandlerContext target, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      close(target, client == null ? "no CONNECT in time" : "nothing heard for 1.5 x keep-alive");
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      context.broker().metrics().refused.increment();
      close(target, "TLS handshake failed: " + TlsPeer.reasonOf(handshake.cause()));
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
      close(target, TlsPeer.reasonOf(cause));
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

  /** Ends the connection for a reason; a last will is sent. */
  private void close(ChannelHandlerContext target, String reason) {
    if (closing) {
      return;
    }
    closing = true;
    String who =
        client == null
            ? "client at " + target.channel().remoteAddress()
            : "client '" + client.clientId() + "'";
    // Who has not shown who it is chooses its own reasons: they are all of one kind.
    String kind = client == null ? "before CONNECT" : client.clientId() + ' ' + reason;
    context.log().warn("closed " + kind, who + " is disconnected: " + reason);
    target.close();
  }
}
