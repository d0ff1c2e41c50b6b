package io.snaprail.deploy.internal.archive;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Services;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whom the gateway trusts to sign bundles: a set of roots in the certificate store. */
public final class Signers {
  private final Supplier<@Nullable CertificateStore> store;
  private final String set;

  /** From a set of the store. */
  public Signers(Supplier<@Nullable CertificateStore> store, String set) {
    this.store = store;
    this.set = set;
  }

  /** Its roots; none when there is no such set. */
  public Set<X509Certificate> roots() throws DeployException {
    CertificateStore now = Services.require(store.get(), "the certificate store");
    if (!now.rootSets().contains(set)) {
      return Set.of();
    }
    try {
      Set<X509Certificate> roots = new HashSet<>();
      byte[] pem = now.rootsPem(set).getBytes(StandardCharsets.US_ASCII);
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        roots.add((X509Certificate) one);
      }
      return roots;
    } catch (CertificateStoreException | CertificateException e) {
      throw DeployException.failed(
          "the set of roots '" + set + "' cannot be read: " + e.getMessage());
    }
  }
}
