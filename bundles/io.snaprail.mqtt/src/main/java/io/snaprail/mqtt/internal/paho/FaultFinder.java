package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Fault.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;

/** Puts into plain words what an exception of the network or of the client library means. */
final class FaultFinder {
  private static final String RETRY = " Trying again by itself.";

  private final MqttSettings settings;
  private final String endpoint;
  private final TlsFaults tlsFaults;

  FaultFinder(MqttSettings settings, PahoConnector.Credentials credentials) {
    this.settings = settings;
    this.endpoint = settings.endpoint();
    this.tlsFaults = new TlsFaults(settings, credentials);
  }

  /** Something is missing before a connection can be tried. */
  Fault credentials(CertificateStoreException e) {
    return new Fault(Kind.CREDENTIALS, endpoint + ": " + e.getMessage());
  }

  /** No TCP connection. */
  Fault tcp(IOException e) {
    if (e instanceof UnknownHostException) {
      return new Fault(
          Kind.DNS,
          endpoint
              + ": the name '"
              + settings.host()
              + "' has no address. Check the setting and the gateway's name service (DNS)."
              + RETRY);
    }
    if (e instanceof SocketTimeoutException) {
      return network(
          "no answer within "
              + Transport.STEP_TIMEOUT.toSeconds()
              + " s. Check network, firewall and port.");
    }
    if (e instanceof NoRouteToHostException) {
      return network("there is no route to this host. Check the gateway's network.");
    }
    if (e instanceof ConnectException && text(e).contains("refused")) {
      return new Fault(
          Kind.REFUSED,
          endpoint
              + ": connection refused: nothing listens on port "
              + settings.port()
              + ". Check that the broker runs, and the port."
              + RETRY);
    }
    return network("no connection (" + text(e) + "). Check the network.");
  }

  /** No TLS on a TCP connection. */
  Fault tls(Transport.TlsFailure e) {
    IOException cause = e.getCause() instanceof IOException io ? io : e;
    return tlsFaults.inHandshake(cause);
  }

  /** CONNECT was not answered with a yes. */
  Fault connect(MqttException e) {
    return switch (e.getReasonCode()) {
      case MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION ->
          refused("does not speak MQTT 3.1.1", "Use a broker that does.");
      case MqttException.REASON_CODE_INVALID_CLIENT_ID ->
          refused(
              "does not accept the client id '" + settings.clientId() + "'",
              "Set client.id to one that it knows.");
      case MqttException.REASON_CODE_BROKER_UNAVAILABLE ->
          network("the broker says that its service is unavailable.");
      case MqttException.REASON_CODE_FAILED_AUTHENTICATION ->
          refused(
              "does not accept user and password (code 4)",
              "Check user and password.secret" + (settings.tls() ? " and identity." : "."));
      // 7 is what AWS documents where others answer 5.
      case MqttException.REASON_CODE_NOT_AUTHORIZED, 7 ->
          refused(
              "does not authorize client '"
                  + settings.clientId()
                  + "' to connect (code "
                  + e.getReasonCode()
                  + ")",
              "Check that the certificate is active there and that its policy allows this client"
                  + " id to connect.");
      case MqttException.REASON_CODE_CLIENT_TIMEOUT ->
          network(
              "connected, but the broker has not answered CONNECT within "
                  + PahoConnector.CONNACK_MS / 1000
                  + " s. Is it an MQTT port, and with the right tls setting?");
      default -> droppedInConnect(e);
    };
  }

  /** An established connection has ended. */
  Fault lost(Throwable e) {
    Fault tls = tlsFaults.alertIn(e);
    if (tls != null) {
      return tls;
    }
    if (e instanceof MqttException m
        && m.getReasonCode() == MqttException.REASON_CODE_CLIENT_TIMEOUT) {
      return new Fault(
          Kind.STALLED,
          endpoint
              + ": the broker has not answered for "
              + settings.keepAlive().toSeconds()
              + " s (keep-alive). It may be overloaded or frozen, or the line is dead;"
              + " connecting anew by itself.");
    }
    return network(
        hasCause(e, EOFException.class)
            ? "the broker has closed the connection."
            : "the connection is lost (" + text(root(e)) + ").");
  }

  private Fault droppedInConnect(MqttException e) {
    Fault tls = tlsFaults.alertIn(e);
    if (tls != null) {
      return tls;
    }
    String advice =
        settings.tls()
            ? " It may refuse the gateway's certificate or client id: see its log."
            : " It may expect TLS on this port, or refuse the client id: see its log.";
    return network("the broker closed the connection instead of answering CONNECT." + advice);
  }

  private Fault refused(String what, String advice) {
    return new Fault(Kind.AUTHENTICATION, endpoint + ": the broker " + what + ". " + advice);
  }

  private Fault network(String what) {
    return new Fault(Kind.NETWORK, endpoint + ": " + what + RETRY);
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    Throwable cause = root.getCause();
    while (cause != null && cause != root) {
      root = cause;
      cause = root.getCause();
    }
    return root;
  }

  static String text(Throwable e) {
    @Nullable String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
