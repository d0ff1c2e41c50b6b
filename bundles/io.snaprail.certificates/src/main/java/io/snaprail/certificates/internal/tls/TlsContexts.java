package io.snaprail.certificates.internal.tls;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.store.Entry;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes TLS contexts of a key and of roots. */
public final class TlsContexts {
  private final Clock clock;
  private final Refusals refusals;

  /**
   * Contexts whose refusals name the time of this clock.
   *
   * @param refusals where refused certificates are kept
   */
  public TlsContexts(Clock clock, Refusals refusals) {
    this.clock = clock;
    this.refusals = refusals;
  }

  /**
   * A context for a client.
   *
   * @param identity what to show, if anything
   * @param rootsName name of the set of roots, for messages; empty for the JDK's
   * @param roots the set; not looked at when the name is empty
   */
  public SSLContext client(Optional<Entry> identity, String rootsName, List<X509Certificate> roots)
      throws CertificateStoreException {
    return context(identity, trust(rootsName, roots), false);
  }

  /**
   * A context for a server.
   *
   * @param rootsName name of the set that client certificates must come from; empty when clients
   *     show none
   */
  public SSLContext server(Entry identity, String rootsName, List<X509Certificate> roots)
      throws CertificateStoreException {
    return rootsName.isEmpty()
        ? context(Optional.of(identity), new NobodyTrusted(), false)
        : context(Optional.of(identity), trust(rootsName, roots), true);
  }

  /** A context for a server that decides itself about the certificates of clients. */
  public SSLContext server(Entry identity, X509ExtendedTrustManager clients)
      throws CertificateStoreException {
    return context(Optional.of(identity), clients, true);
  }

  private static SSLContext context(
      Optional<Entry> identity, TrustManager trust, boolean needClientAuth)
      throws CertificateStoreException {
    KeyManager[] keys =
        identity
            .map(entry -> new KeyManager[] {new FixedKeyManager(entry)})
            .orElse(new KeyManager[0]);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {trust}, new SecureRandom());
      return new RestrictedContext(context, needClientAuth);
    } catch (GeneralSecurityException impossible) {
      throw new CertificateStoreException(
          "This JDK cannot do TLS: " + impossible.getMessage(), impossible);
    }
  }

  /** The roots that the JDK brings. */
  public static List<X509Certificate> publicRoots() throws CertificateStoreException {
    try {
      return List.of(pkix(null).getAcceptedIssuers());
    } catch (GeneralSecurityException failure) {
      throw new CertificateStoreException(
          "The JDK's roots cannot be read: " + failure.getMessage(), failure);
    }
  }

  private static X509ExtendedTrustManager pkix(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no PKIX trust manager"));
  }

  private PlainTrustManager trust(String name, List<X509Certificate> roots)
      throws CertificateStoreException {
    try {
      X509ExtendedTrustManager pkix = pkix(name.isEmpty() ? null : anchors(roots));
      List<X509Certificate> trusted = List.of(pkix.getAcceptedIssuers());
      return new PlainTrustManager(pkix, new TrustedRoots(name, trusted), clock, refusals);
    } catch (GeneralSecurityException | IOException failure) {
      throw new CertificateStoreException(
          "The set of roots '" + name + "' cannot be used: " + failure.getMessage(), failure);
    }
  }

  private static KeyStore anchors(List<X509Certificate> roots)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (X509Certificate root : roots) {
      store.setCertificateEntry("root" + number++, root);
    }
    return store;
  }
}
