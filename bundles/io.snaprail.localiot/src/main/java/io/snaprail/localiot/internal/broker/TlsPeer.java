package io.snaprail.localiot.internal.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What TLS tells of the other side of a connection. */
final class TlsPeer {
  private static final List<String> KINDS =
      List.of(
          "does not speak TLS",
          "SNI",
          "CONNECT in a second",
          "not registered",
          "expired",
          "NotAfter",
          "NotBefore",
          "bad_certificate",
          "unknown_ca",
          "Empty client certificate chain",
          "protocol version",
          "cipher suites",
          "handshake timed out",
          "no CONNECT in time",
          "TLS handshake failed");

  private TlsPeer() {}

  /** Tells which certificate the other side has shown; null for none. */
  @FunctionalInterface
  interface Identity {
    @Nullable X509Certificate certificate(ChannelHandlerContext target);
  }

  /** The certificate that it has shown; null when it has shown none. */
  static @Nullable X509Certificate certificate(ChannelHandlerContext target) {
    SslHandler tls = target.pipeline().get(SslHandler.class);
    try {
      return tls == null
          ? null
          : (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /** Why it failed. Never the bytes that came: who does not speak TLS may have sent a password. */
  static String reasonOf(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof NotSslRecordException) {
        return "it does not speak TLS, which is required here";
      }
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** Whether it has named the server in TLS (RFC 6066 section 3). */
  static boolean namesServer(ChannelHandlerContext target) {
    SslHandler tls = target.pipeline().get(SslHandler.class);
    return tls != null
        && tls.engine().getSession() instanceof ExtendedSSLSession session
        && !session.getRequestedServerNames().isEmpty();
  }

  /** A few kinds of what goes wrong before CONNECT, whatever the other side has sent. */
  static String kindOf(String words) {
    for (String kind : KINDS) {
      if (words.contains(kind)) {
        return kind;
      }
    }
    return "other";
  }

  /** Its IP address; empty when it has none. */
  static String address(ChannelHandlerContext target) {
    return target.channel().remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : "";
  }
}
