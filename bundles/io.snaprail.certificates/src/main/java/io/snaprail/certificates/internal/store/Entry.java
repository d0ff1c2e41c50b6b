package io.snaprail.certificates.internal.store;

import io.snaprail.certificates.internal.token.KeyPlace;
import io.snaprail.certificates.internal.x509.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key and its certificate.
 *
 * @param key in memory, or a handle of one in a hardware token
 * @param chain its own certificate first, then each one's issuer
 * @param place in which token the key is; null for one in memory
 */
public record Entry(PrivateKey key, List<X509Certificate> chain, @Nullable KeyPlace place) {
  /** Copies the chain, which must not be empty. */
  public Entry {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key without certificate");
    }
  }

  /** A key in memory. */
  public Entry(PrivateKey key, List<X509Certificate> chain) {
    this(key, chain, null);
  }

  /** The same key with another chain. */
  public Entry with(List<X509Certificate> other) {
    return new Entry(key, other, place);
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
