package io.snaprail.localiot.internal.rest;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One connection: requests go to the services' thread and are answered in their order. Runs on the
 * network thread.
 */
final class RestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final RestRoutes routes;
  private final Executor thread;
  private final RequestGate gate;

  RestHandler(RestRoutes routes, Executor thread, RequestGate gate) {
    this.routes = routes;
    this.thread = thread;
    this.gate = gate;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext target, FullHttpRequest message) {
    boolean keep = HttpUtil.isKeepAlive(message);
    RestRequest request;
    try {
      request = request(target, message);
    } catch (IllegalArgumentException | SSLPeerUnverifiedException e) {
      write(target, refused(400, "InvalidRequestException", "the request cannot be read"), false);
      return;
    }
    if (!gate.enter("")) {
      write(target, refused(429, "ThrottlingException", "Too many requests"), keep);
      return;
    }
    thread.execute(
        () -> {
          try {
            write(target, routes.handle(request), keep);
          } finally {
            gate.leave("");
          }
        });
  }

  private static RestRequest request(ChannelHandlerContext target, FullHttpRequest message)
      throws SSLPeerUnverifiedException {
    if (message.decoderResult().isFailure()) {
      throw new IllegalArgumentException("not HTTP");
    }
    QueryStringDecoder uri = new QueryStringDecoder(message.uri(), StandardCharsets.UTF_8);
    List<String> path = new ArrayList<>();
    // In a path a plus is a plus.
    for (String level : uri.rawPath().replaceFirst("^/", "").split("/", -1)) {
      path.add(QueryStringDecoder.decodeComponent(level.replace("+", "%2B")));
    }
    Map<String, String> query = new HashMap<>();
    uri.parameters().forEach((name, values) -> query.put(name, values.get(0)));
    return new RestRequest(
        message.method().name(),
        path,
        query,
        ByteBufUtil.getBytes(message.content()),
        client(target));
  }

  private static RestRequest.Client client(ChannelHandlerContext target)
      throws SSLPeerUnverifiedException {
    X509Certificate certificate =
        (X509Certificate)
            target.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates()[0];
    String address =
        target.channel().remoteAddress() instanceof InetSocketAddress remote
            ? remote.getAddress().getHostAddress()
            : "";
    return new RestRequest.Client(certificate, address);
  }

  private static RestAnswer refused(int status, String error, String message) {
    return RestRoutes.failed(new ServiceException(status, error, message));
  }

  private static void write(ChannelHandlerContext target, RestAnswer answer, boolean keep) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(Outbox.bytes(answer.body())));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    if (!answer.error().isEmpty()) {
      response.headers().set("x-amzn-ErrorType", answer.error());
    }
    HttpUtil.setKeepAlive(response, keep);
    ChannelFuture written = target.writeAndFlush(response);
    if (!keep) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext target, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      target.close();
    }
    super.userEventTriggered(target, event);
  }

  // A client that goes away or does not speak TLS: nothing to be done for it.
  @Override
  public void exceptionCaught(ChannelHandlerContext target, Throwable cause) {
    target.close();
  }
}
