package io.snaprail.driver.modbus.internal.tls;

import io.snaprail.driver.modbus.internal.transport.ExplainedException;
import io.snaprail.driver.modbus.internal.transport.SecurityFailureException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells who refused whom in TLS, why, and what to do. What is wrong with the device's certificate
 * is told by the certificate store; what the device dislikes about ours is told by its alert (RFC
 * 8446, 6.2).
 */
final class TlsFaults {
  private static final String ALERT = "Received fatal alert: ";

  private static final String PLAIN_PORT =
      "Check the port: Modbus/TLS is mostly on 802, Modbus without TLS on 502 (that is the driver"
          + " io.snaprail.driver.modbus.tcp)";

  private final TlsTarget target;

  TlsFaults(TlsTarget target) {
    this.target = target;
  }

  /** A failure after the handshake; before the first answer it may be the verdict on us. */
  IOException after(boolean accepted, IOException e) {
    if (e instanceof SocketTimeoutException) {
      return e;
    }
    if (!accepted) {
      String alert = alertIn(e);
      if (alert != null) {
        return refused(alert, e);
      }
      return e instanceof EOFException || e instanceof SocketException ? hungUp() : e;
    }
    return e;
  }

  /** The device has hung up before its first answer. */
  IOException hungUp() {
    return new ExplainedException(
        "the device closed the connection before its first answer: it may not accept the identity '"
            + target.identity()
            + "'; see its log",
        null);
  }

  /** The handshake failed. */
  IOException inHandshake(IOException e) {
    if (e instanceof ExplainedException) {
      return e;
    }
    if (caused(e, SocketTimeoutException.class)) {
      return new ExplainedException(
          "the device takes the connection but does not answer the TLS handshake. " + PLAIN_PORT,
          e);
    }
    CertificateException certificate = certificateIn(e);
    if (certificate != null) {
      return untrusted(certificate);
    }
    String alert = alertIn(e);
    if (alert != null) {
      return refused(alert, e);
    }
    String message = text(e);
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return new SecurityFailureException("the device does not speak TLS there. " + PLAIN_PORT, e);
    }
    if (message.contains("selected protocol version")) {
      return new SecurityFailureException(
          "the device speaks an older TLS (" + message + "). Let it speak TLS 1.2 or 1.3", e);
    }
    if (caused(e, EOFException.class) || caused(e, SocketException.class)) {
      return new ExplainedException(
          "the device closed the connection in the TLS handshake. It may not speak TLS there, or"
              + " not accept the identity '"
              + target.identity()
              + "'. See its log. "
              + PLAIN_PORT,
          e);
    }
    return new SecurityFailureException("the TLS handshake failed: " + message, e);
  }

  private SecurityFailureException untrusted(CertificateException e) {
    String message = text(e);
    return new SecurityFailureException(message + ". " + remedy(message), e);
  }

  private String remedy(String message) {
    if (message.contains("it expired on") || message.contains("NotAfter")) {
      return "Renew it at the device";
    }
    if (message.contains("valid only from") || message.contains("NotBefore")) {
      return "Check the clock of the device that it was made with";
    }
    if (message.contains("for another host") || message.startsWith("No ")) {
      return "Set server.name to a name that the certificate is for, or give the device one for '"
          + target.serverName()
          + "'";
    }
    String roots =
        target.roots().isEmpty()
            ? "set 'roots' to a set"
            : "that '" + target.roots() + "' is the set";
    return message.contains("not in ") || message.contains("certification path")
        ? "Check ".concat(roots) + " of trusted roots that the device's certificate comes from"
        : "Give the device another certificate";
  }

  private SecurityFailureException refused(String alert, IOException e) {
    String identity = "the identity '" + target.identity() + "'";
    return new SecurityFailureException(
        switch (alert) {
          case "certificate_required",
              "bad_certificate",
              "unsupported_certificate",
              "certificate_unknown",
              "unknown_ca",
              "access_denied",
              "decrypt_error" ->
              "the device refuses "
                  + identity
                  + " ("
                  + alert
                  + "). Let the device trust its issuer, or set another identity";
          case "certificate_expired", "certificate_revoked" ->
              "the device says that the certificate of "
                  + identity
                  + " is "
                  + alert.substring("certificate_".length())
                  + ". Renew it; or check the clock of the device";
          case "unrecognized_name" ->
              "the device does not know the name '" + target.serverName() + "'. Check server.name";
          case "protocol_version" ->
              "the device speaks neither TLS 1.2 nor 1.3 (" + alert + "). Let it speak one of them";
          case "handshake_failure", "insufficient_security" ->
              "the device and the gateway have no way of encryption in common ("
                  + alert
                  + "), or the device does not accept "
                  + identity
                  + ". The gateway offers TLS 1.3, and 1.2 with ECDHE and AEAD";
          default -> "the device ended TLS with the alert " + alert + ". See its log";
        },
        e);
  }

  private static @Nullable String alertIn(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (t instanceof SSLException && message != null && message.contains(ALERT)) {
        int start = message.indexOf(ALERT) + ALERT.length();
        return message.substring(start).trim().toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }

  /** The first in the chain is the store's, which knows the most. */
  private static @Nullable CertificateException certificateIn(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof CertificateException certificate) {
        return certificate;
      }
    }
    return null;
  }

  private static boolean caused(Throwable e, Class<? extends Throwable> by) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (by.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName();
    }
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
