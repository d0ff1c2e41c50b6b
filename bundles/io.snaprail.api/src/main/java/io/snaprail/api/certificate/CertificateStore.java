package io.snaprail.api.certificate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keys, their certificates, and sets of trusted roots. A key that was made here never leaves. Names
 * are 1..64 letters, digits, {@code _ - .}. Safe for any thread; calls that make keys take up to
 * seconds.
 */
@ProviderType
public interface CertificateStore {

  /** Every identity, by name; an identity that has a PENDING key beside its ACTIVE one is twice. */
  List<IdentityInfo> identities();

  /** The usable identity of a name: the ACTIVE one. */
  Optional<IdentityInfo> active(String name);

  /**
   * Makes a key pair and a certificate signing request for it (PKCS#10). The identity is PENDING
   * until {@link #importCertificate} brings the certificate; an ACTIVE one of the same name stays
   * in use until then. A PENDING key of the same name is replaced.
   *
   * @param subject RFC 4514, such as {@code CN=gateway-7,O=Example}
   * @param alternativeNames DNS names and IP addresses; may be empty
   * @return the request in PEM
   */
  String createSigningRequest(
      String name, KeyType type, String subject, List<String> alternativeNames)
      throws CertificateStoreException;

  /**
   * The same with a role in the request, for clients of Modbus/TLS devices: a UTF8String in the
   * extension 1.3.6.1.4.1.50316.802.1 (MODBUS/TCP Security Protocol Specification). Whoever signs
   * decides whether it comes to be in the certificate.
   *
   * @param role 1..64 characters, such as {@code operator}; empty for none
   */
  default String createSigningRequest(
      String name, KeyType type, String subject, List<String> alternativeNames, String role)
      throws CertificateStoreException {
    if (role.isEmpty()) {
      return createSigningRequest(name, type, subject, alternativeNames);
    }
    throw new CertificateStoreException(
        "Identity '%s': this certificate store puts no role into a request; leave the role empty"
            .formatted(name));
  }

  /** Makes an identity that signs itself, such as the console's own at first start. */
  IdentityInfo createSelfSigned(
      String name, KeyType type, String subject, List<String> alternativeNames, Duration validity)
      throws CertificateStoreException;

  /**
   * Brings the certificate for a PENDING key, with its chain if it has one, in PEM. The key must
   * match.
   */
  IdentityInfo importCertificate(String name, String pem) throws CertificateStoreException;

  /**
   * Imports key and certificate made elsewhere. Reads PKCS#8, encrypted PKCS#8, PKCS#1, SEC1 and
   * {@code DEK-Info} keys; certificates in any order; one text or several joined.
   *
   * @param passphrase of an encrypted key; null for none
   */
  IdentityInfo importIdentity(String name, String pem, char @Nullable [] passphrase)
      throws CertificateStoreException;

  /** Removes an identity in all its generations. */
  void removeIdentity(String name) throws CertificateStoreException;

  /** Names of the sets of trusted roots. */
  Set<String> rootSets();

  /** Makes or replaces a set of trusted roots from one or more certificates in PEM. */
  void importRoots(String name, String pem) throws CertificateStoreException;

  /** The roots of a set in PEM. */
  String rootsPem(String name) throws CertificateStoreException;

  /**
   * A TLS context for a client. Server certificates are checked against the roots; a refusal names
   * in plain words what is wrong (expired, not yet valid, unknown issuer, wrong use, weak). The
   * caller switches on the check of the host name ({@code HTTPS}).
   *
   * @param identity what to show to the server; empty for nothing
   * @param roots set of trusted roots; empty for the JDK's
   */
  SSLContext clientContext(String identity, String roots) throws CertificateStoreException;

  /**
   * A TLS context for a server.
   *
   * @param identity what to show to clients
   * @param clientRoots roots that client certificates must come from; empty when clients show none
   */
  SSLContext serverContext(String identity, String clientRoots) throws CertificateStoreException;
}
