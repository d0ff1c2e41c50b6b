package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.RootInfo;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Keys;
import io.snaprail.certificates.internal.x509.Names;
import java.security.cert.X509Certificate;

/** What people see of keys and certificates. */
final class Infos {
  private Infos() {}

  static IdentityInfo of(String name, Generation generation, Entry entry)
      throws CertificateStoreException {
    X509Certificate certificate = entry.certificate();
    boolean pending = generation == Generation.PENDING;
    return new IdentityInfo(
        name,
        State.valueOf(generation.name()),
        Keys.describe(certificate.getPublicKey()),
        Names.text(certificate.getSubjectX500Principal()),
        pending ? "" : Names.text(certificate.getIssuerX500Principal()),
        pending ? "" : Certificates.fingerprint(certificate),
        pending ? null : certificate.getNotBefore().toInstant(),
        pending ? null : certificate.getNotAfter().toInstant(),
        Names.alternativeNames(certificate),
        entry.place() == null ? "" : entry.place().token());
  }

  static RootInfo root(X509Certificate root) throws CertificateStoreException {
    return new RootInfo(
        Names.text(root.getSubjectX500Principal()),
        Keys.describe(root.getPublicKey()),
        Certificates.fingerprint(root),
        root.getNotBefore().toInstant(),
        root.getNotAfter().toInstant());
  }
}
