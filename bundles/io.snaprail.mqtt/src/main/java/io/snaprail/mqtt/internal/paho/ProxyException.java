package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Fault.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The proxy was not reached, or has not connected to the broker. */
final class ProxyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String words;

  /** What is wrong. */
  enum Reason {
    /** No TCP connection to the proxy. */
    UNREACHABLE,
    /** It wants user and password, and none are set. */
    LOGIN_MISSING,
    /** It does not accept user and password. */
    LOGIN_REFUSED,
    /** It wants a scheme that we do not speak. */
    SCHEME,
    /** It does not connect there. */
    REFUSED,
    /** It would, and cannot. */
    FAR,
    /** It is no HTTP proxy. */
    GARBAGE,
    /** It has not answered in time. */
    SILENT,
    /** It closes instead of answering. */
    HUNG_UP
  }

  ProxyException(Reason reason, String words, @Nullable Throwable cause) {
    super(reason + " " + words, cause);
    this.reason = reason;
    this.words = words;
  }

  ProxyException(Reason reason, String words) {
    this(reason, words, null);
  }

  /** No TCP connection to the proxy. */
  static ProxyException unreachable(IOException e) {
    return new ProxyException(Reason.UNREACHABLE, FaultFinder.text(e), e);
  }

  /** In plain words. */
  Fault fault(MqttSettings settings) {
    ProxySettings proxy = settings.proxy();
    String who = "the proxy " + (proxy == null ? "" : proxy.text());
    String broker = settings.host() + ":" + settings.port();
    Kind kind =
        switch (reason) {
          case LOGIN_MISSING, LOGIN_REFUSED, SCHEME, REFUSED -> Kind.AUTHENTICATION;
          case UNREACHABLE -> getCause() instanceof UnknownHostException ? Kind.DNS : Kind.NETWORK;
          default -> Kind.NETWORK;
        };
    String retry = kind.needsPeople() ? "" : " Trying again by itself.";
    return new Fault(kind, settings.endpoint() + ": " + who + text(broker) + retry);
  }

  private String text(String broker) {
    return switch (reason) {
      case UNREACHABLE -> unreachable();
      case LOGIN_MISSING ->
          " asks for a user and a password ("
              + words
              + "). Set proxy.user and"
              + " proxy.password.secret.";
      case LOGIN_REFUSED ->
          " does not accept user and password ("
              + words
              + "). Check proxy.user and"
              + " proxy.password.secret.";
      case SCHEME ->
          " asks for the scheme "
              + words
              + " only; the gateway speaks Basic. Allow Basic, or this"
              + " gateway without a login, at the proxy.";
      case REFUSED ->
          " does not connect to "
              + broker
              + " ("
              + words
              + "). Allow CONNECT to this host and port"
              + " at the proxy.";
      case FAR ->
          " could not connect to "
              + broker
              + " ("
              + words
              + "). Check that the broker runs, and"
              + " that the proxy can find and reach it.";
      case GARBAGE -> " does not answer as an HTTP proxy does (" + words + "). Check proxy.";
      case SILENT ->
          " has not answered within "
              + Transport.STEP_TIMEOUT.toSeconds()
              + " s. Perhaps it cannot reach "
              + broker
              + ", or it is no HTTP proxy.";
      case HUNG_UP ->
          " closes the connection instead of answering. Check that proxy is an HTTP proxy, and its"
              + " log.";
    };
  }

  private String unreachable() {
    Throwable cause = getCause();
    if (cause instanceof UnknownHostException) {
      return ": its name has no address. Check proxy, and the gateway's name service (DNS).";
    }
    if (cause instanceof SocketTimeoutException) {
      return " cannot be reached: no answer within "
          + Transport.STEP_TIMEOUT.toSeconds()
          + " s. Check proxy, network and firewall.";
    }
    if (cause instanceof ConnectException && words.contains("refused")) {
      return " cannot be reached: connection refused: nothing listens there. Check that it runs,"
          + " and proxy.";
    }
    return " cannot be reached (" + words + "). Check proxy and the network.";
  }
}
