package io.snaprail.certificates.internal.tls;

import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Names;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's PKIX validation, and beyond it: no weak keys or signatures in the path, no protocol or
 * cipher suite outside the policy whatever a caller has set, and every refusal in plain words.
 */
final class PlainTrustManager extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager delegate;
  private final TrustedRoots roots;
  private final Clock clock;
  private final Refusals refusals;

  PlainTrustManager(
      X509ExtendedTrustManager delegate, TrustedRoots roots, Clock clock, Refusals refusals) {
    this.delegate = delegate;
    this.roots = roots;
    this.clock = clock;
    this.refusals = refusals;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, PeerUse.SERVER, "", () -> delegate.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    if (!(socket instanceof SSLSocket tls)) {
      checkServerTrusted(chain, authType);
      return;
    }
    requirePolicy(tls.getHandshakeSession());
    try {
      check(
          chain,
          PeerUse.SERVER,
          host(tls.getHandshakeSession()),
          () -> delegate.checkServerTrusted(chain, authType, tls));
    } catch (CertificateException refused) {
      throw sharpen(refused, chain, authType, tls.getHandshakeSession());
    }
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    if (engine == null) {
      checkServerTrusted(chain, authType);
      return;
    }
    requirePolicy(engine.getHandshakeSession());
    try {
      check(
          chain,
          PeerUse.SERVER,
          host(engine.getHandshakeSession()),
          () -> delegate.checkServerTrusted(chain, authType, engine));
    } catch (CertificateException refused) {
      throw sharpen(refused, chain, authType, engine.getHandshakeSession());
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, PeerUse.CLIENT, "", () -> delegate.checkClientTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    if (socket instanceof SSLSocket tls) {
      requirePolicy(tls.getHandshakeSession());
    }
    check(chain, PeerUse.CLIENT, "", () -> delegate.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    if (engine != null) {
      requirePolicy(engine.getHandshakeSession());
    }
    check(chain, PeerUse.CLIENT, "", () -> delegate.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return delegate.getAcceptedIssuers();
  }

  private static String host(@Nullable SSLSession session) {
    String host = session == null ? null : session.getPeerHost();
    return host == null ? "" : host;
  }

  private void check(X509Certificate[] chain, PeerUse use, String peer, Call validation)
      throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("The " + use.noun() + " showed no certificate");
    }
    Diagnosis diagnosis = new Diagnosis(roots, clock, chain);
    Optional<String> wrong = diagnosis.find(use);
    try {
      validation.run();
    } catch (CertificateException refused) {
      String reason = wrong.orElse(String.valueOf(refused.getMessage()));
      refusals.add(chain, peer, reason, diagnosis.curable(use));
      throw new CertificateException(refusal(use, chain[0], reason), refused);
    }
    // The JDK lets 1,024 bits and SHA-1 of private authorities pass.
    if (wrong.isPresent()) {
      refusals.add(chain, peer, wrong.get(), false);
      throw new CertificateException(refusal(use, chain[0], wrong.get()));
    }
  }

  /** When all is well but for the host name, says which one was expected. */
  private CertificateException sharpen(
      CertificateException refused,
      X509Certificate[] chain,
      String authType,
      @Nullable SSLSession session) {
    try {
      if (new Diagnosis(roots, clock, chain).find(PeerUse.SERVER).isPresent()) {
        return refused;
      }
      delegate.checkServerTrusted(chain, authType);
    } catch (CertificateException sameWithoutHost) {
      return refused;
    }
    List<String> names = Names.alternativeNames(chain[0]);
    String reason =
        "it is for another host: expected '%s', the certificate names %s. Check the address in the configuration."
            .formatted(
                session == null ? "" : session.getPeerHost(),
                names.isEmpty() ? "no host at all" : String.join(", ", names));
    return new CertificateException(refusal(PeerUse.SERVER, chain[0], reason), refused);
  }

  private static void requirePolicy(@Nullable SSLSession session) throws CertificateException {
    if (session == null) {
      return;
    }
    String protocol = session.getProtocol();
    String suite = session.getCipherSuite();
    if (!TlsPolicy.allowsProtocol(protocol) || !TlsPolicy.allowsSuite(suite)) {
      throw new CertificateException(
          "The connection is refused: it would use %s with %s; expected TLS 1.3, or 1.2 with ECDHE and GCM or ChaCha20"
              .formatted(protocol, suite));
    }
  }

  private static String refusal(PeerUse use, X509Certificate certificate, @Nullable String reason) {
    return "The %s's certificate %s is refused: %s"
        .formatted(use.noun(), Certificates.describe(certificate), reason);
  }

  /** A validation by the JDK. */
  @FunctionalInterface
  private interface Call {
    void run() throws CertificateException;
  }
}
