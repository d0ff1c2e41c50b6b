package io.snaprail.certificates.internal.store;

import io.snaprail.certificates.internal.x509.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A key and its certificate.
 *
 * @param chain its own certificate first, then each one's issuer
 */
public record Entry(PrivateKey key, List<X509Certificate> chain) {
  /** Copies the chain, which must not be empty. */
  public Entry {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key without certificate");
    }
  }

  /** The key's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Whether both are about the same key. */
  boolean sameKey(Entry other) {
    return certificate().getPublicKey().equals(other.certificate().getPublicKey());
  }

  /** Whether both show the same certificate. */
  public boolean sameCertificate(Entry other) {
    return certificate().equals(other.certificate());
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "Entry[" + Certificates.describe(certificate()) + "]";
  }
}
