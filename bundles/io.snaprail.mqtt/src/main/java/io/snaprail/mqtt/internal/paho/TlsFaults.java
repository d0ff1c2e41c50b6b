package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Fault.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells who refused whom in TLS, and why. What is wrong with the broker's certificate is told by
 * the certificate store; what the broker dislikes about ours is told by its alert (RFC 8446, 6.2).
 */
final class TlsFaults {
  /** What every refusal of the certificate store's trust managers contains. */
  private static final String STORE_REFUSAL = " is refused: ";

  private static final String ALERT = "Received fatal alert: ";

  private final MqttSettings settings;
  private final String endpoint;
  private final PahoConnector.Credentials credentials;

  TlsFaults(MqttSettings settings, PahoConnector.Credentials credentials) {
    this.settings = settings;
    this.endpoint = settings.endpoint();
    this.credentials = credentials;
  }

  /** The handshake failed. */
  Fault inHandshake(IOException e) {
    Fault certificate = certificateIn(e);
    if (certificate != null) {
      return certificate;
    }
    Fault alert = alertIn(e);
    if (alert != null) {
      return alert;
    }
    if (e instanceof SocketTimeoutException) {
      return again("no answer to the TLS handshake. Does this port speak TLS?");
    }
    String message = FaultFinder.text(e);
    if (e instanceof SocketException
        || e.getCause() instanceof EOFException
        || message.contains("terminated the handshake")) {
      return again(
          "the broker closed the connection during the TLS handshake. Does this port speak TLS, and"
              + " does the broker accept the gateway's certificate? See the broker's log.");
    }
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return stays("this port does not speak TLS. Check port and tls.");
    }
    return stays("the TLS handshake failed (" + message + ").");
  }

  /** A fatal alert from the broker, wherever it came; null when there is none. */
  @Nullable Fault alertIn(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (t instanceof SSLException && message != null && message.contains(ALERT)) {
        int start = message.indexOf(ALERT) + ALERT.length();
        return alert(message.substring(start).trim().toLowerCase(Locale.ROOT));
      }
    }
    return null;
  }

  private Fault alert(String name) {
    return switch (name) {
      case "certificate_required" ->
          stays(
              settings.identity().isEmpty()
                  ? "the broker asks for a client certificate. Set identity to one in the"
                      + " certificate store."
                  : "the broker did not get a client certificate that it trusts; the gateway"
                      + " offers "
                      + ours()
                      + ". Register it, or its issuer, at the broker.");
      case "bad_certificate",
          "unsupported_certificate",
          "certificate_unknown",
          "unknown_ca",
          "access_denied",
          "decrypt_error" ->
          stays(
              "the broker refuses the gateway's certificate ("
                  + name
                  + "): "
                  + ours()
                  + ". Register it, or its issuer, at the broker.");
      case "certificate_expired", "certificate_revoked" ->
          stays(
              "the broker says that the gateway's certificate is "
                  + name.substring("certificate_".length())
                  + ": "
                  + ours()
                  + ". Renew it.");
      case "unrecognized_name" ->
          stays(
              "the broker does not know the name '" + settings.serverName() + "'. Check the host.");
      case "no_application_protocol" ->
          stays("the broker does not know the application protocol " + settings.alpn() + ".");
      case "handshake_failure", "protocol_version", "insufficient_security" ->
          stays(
              "the broker and the gateway have no TLS version or cipher suite in common ("
                  + name
                  + "), or the broker asks for a client certificate. The gateway offers TLS 1.3,"
                  + " and 1.2 with ECDHE and AEAD.");
      default -> again("the broker ended TLS with the alert " + name + ".");
    };
  }

  private @Nullable Fault certificateIn(Throwable e) {
    CertificateException found = null;
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof CertificateException certificate) {
        found = certificate;
        // The certificate store's words, which name the certificate, what was expected and found.
        if (FaultFinder.text(certificate).contains(STORE_REFUSAL)) {
          break;
        }
      }
    }
    if (found == null) {
      return null;
    }
    String message = FaultFinder.text(found);
    if (message.contains(STORE_REFUSAL)) {
      return stays(message);
    }
    // The JDK's own words for RFC 6125, 6: they come from the host name check.
    if (message.startsWith("No name matching") || message.startsWith("No subject alternative")) {
      return stays(
          "the broker's certificate is for another host than '"
              + settings.serverName()
              + "' ("
              + message
              + "). Set the host, or tls.server.name, to a name in the certificate, or give the"
              + " broker a certificate for this name.");
    }
    return stays("the broker's certificate is refused: " + plain(message) + ".");
  }

  /** The certificate store speaks plainly; the JDK's own trust manager does not. */
  private String plain(String message) {
    if (message.contains("unable to find valid certification path")) {
      return "its issuer is not among the trusted roots"
          + (settings.roots().isEmpty() ? " of the JDK" : " '" + settings.roots() + "'")
          + "; import the right root certificate or set roots";
    }
    if (message.startsWith("NotAfter:")) {
      return "it has expired (" + message + "); renew it at the broker, or check the clock";
    }
    if (message.startsWith("NotBefore:")) {
      return "it is not yet valid (" + message + "); check the gateway's clock";
    }
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private String ours() {
    String text = credentials.identityText();
    return text.isEmpty() ? "none" : text;
  }

  private Fault stays(String what) {
    return new Fault(Kind.TLS, endpoint + ": " + what);
  }

  private Fault again(String what) {
    return new Fault(Kind.NETWORK, endpoint + ": " + what + " Trying again by itself.");
  }
}
