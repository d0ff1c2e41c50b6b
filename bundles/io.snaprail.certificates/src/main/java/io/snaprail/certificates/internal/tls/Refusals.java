package io.snaprail.certificates.internal.tls;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RefusedCertificate;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Names;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the certificates that were refused last. Safe for any thread. */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final int MOST = 32;

  /** Of what was sent: nobody's chain is longer, and strangers send what they like. */
  private static final int MAX_CHAIN = 8;

  private final Clock clock;
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  private record Kept(RefusedCertificate shown, List<X509Certificate> chain) {}

  /** None yet. */
  public Refusals(Clock clock) {
    this.clock = clock;
  }

  /**
   * A chain was refused.
   *
   * @param peer host name; empty when not known
   * @param curable whether trusting it would help
   */
  void add(X509Certificate[] presented, String peer, String reason, boolean curable) {
    List<X509Certificate> chain =
        List.of(presented).subList(0, Math.min(MAX_CHAIN, presented.length));
    X509Certificate own = chain.get(0);
    try {
      String fingerprint = Certificates.fingerprint(own);
      String pem = Certificates.toPem(chain);
      synchronized (kept) {
        Kept before = kept.remove(fingerprint);
        int count = before == null ? 1 : before.shown().count() + 1;
        RefusedCertificate refused =
            new RefusedCertificate(
                fingerprint,
                Names.text(own.getSubjectX500Principal()),
                Names.text(own.getIssuerX500Principal()),
                own.getNotBefore().toInstant(),
                own.getNotAfter().toInstant(),
                peer,
                reason,
                curable,
                count,
                clock.instant(),
                pem);
        kept.put(fingerprint, new Kept(refused, chain));
        if (kept.size() > MOST) {
          kept.remove(kept.keySet().iterator().next());
        }
      }
    } catch (CertificateStoreException unreadable) {
      LOG.debug("A refused certificate is not kept", unreadable);
    }
  }

  /** The latest first. */
  public List<RefusedCertificate> all() {
    List<RefusedCertificate> all = new ArrayList<>();
    synchronized (kept) {
      kept.values().forEach(one -> all.add(0, one.shown()));
    }
    return List.copyOf(all);
  }

  /**
   * What to put among the roots to accept a refused certificate: the root that was sent with it, or
   * else the certificate itself.
   */
  public X509Certificate anchor(String fingerprint) throws CertificateStoreException {
    Optional<Kept> found;
    synchronized (kept) {
      found = Optional.ofNullable(kept.get(fingerprint));
    }
    Kept one =
        found.orElseThrow(
            () ->
                new CertificateStoreException(
                    "No refused certificate with the fingerprint '%s' is kept: they are forgotten when the gateway stops, and when many others come. Let the other side connect again."
                        .formatted(fingerprint)));
    if (!one.shown().curable()) {
      throw new CertificateStoreException(
          "Trusting the certificate '%s' would not help: %s"
              .formatted(one.shown().subject(), one.shown().reason()));
    }
    return one.chain().stream()
        .skip(1)
        .filter(c -> Certificates.signsItself(c) && c.getBasicConstraints() >= 0)
        .findFirst()
        .orElse(one.chain().get(0));
  }

  /** It is trusted now, or nobody wants to see it any more. */
  public void forget(String fingerprint) {
    synchronized (kept) {
      kept.remove(fingerprint);
    }
  }
}
