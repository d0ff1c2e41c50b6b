package io.snaprail.localiot.internal.setup;

import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.ClientAuthority;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.registry.RegistryState;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who may come as far as CONNECT: certificates that the registry knows, whoever has signed them,
 * and those of authorities whose certificates register themselves. TLS proves that the client has
 * the key; status and policies are looked at in CONNECT, where the log can name the client.
 */
final class DeviceTrust extends X509ExtendedTrustManager {
  private final Registry registry;
  private final Clock clock;

  DeviceTrust(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    X509Certificate certificate = chain[0];
    // Throws in words that name the date.
    certificate.checkValidity(Date.from(clock.instant()));
    RegistryState state = registry.state();
    String id = Certificates.id(certificate);
    if (!state.certificates().containsKey(id) && !mayRegister(state, certificate)) {
      throw new CertificateException(
          "certificate %s of '%s' is not registered; register it, or its authority"
              .formatted(id, certificate.getSubjectX500Principal()));
    }
  }

  private static boolean mayRegister(RegistryState state, X509Certificate certificate)
      throws CertificateException {
    for (ClientAuthority authority : state.authorities().values()) {
      try {
        if (authority.active()
            && authority.autoRegistration()
            && Certificates.signedBy(certificate, Certificates.parse(authority.pem()))) {
          return true;
        }
      } catch (RegistryException unreadable) {
        throw new CertificateException(unreadable.getMessage(), unreadable);
      }
    }
    return false;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("the endpoint is no client");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    // No list: the registry knows certificates, not only their issuers.
    return new X509Certificate[0];
  }
}
