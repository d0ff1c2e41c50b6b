package io.snaprail.api.certificate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keys, their certificates, and sets of trusted roots. A key that was made here never leaves. Names
 * are 1..64 letters, digits, {@code _ - .}. Safe for any thread; calls that make keys take up to
 * seconds.
 *
 * <p>An identity that is replaced while clients use it is not replaced at once. The new one is on
 * TRIAL: {@link #clientContext} gives it out, and who connects with it says how that went ({@link
 * #accepted}, {@link #failed}). Accepted, it becomes ACTIVE, and the old one PREVIOUS. When it
 * fails and the ACTIVE one is then accepted, again and again, it is discarded, and the problem
 * board says so. When both fail, the network may be down: nothing is decided.
 */
@ProviderType
public interface CertificateStore {

  /** Every generation of every identity: by name, what is in force first. */
  List<IdentityInfo> identities();

  /** The usable identity of a name: the ACTIVE one. */
  Optional<IdentityInfo> active(String name);

  /**
   * Makes a key pair and a certificate signing request for it (PKCS#10). The identity is PENDING
   * until {@link #importCertificate} brings the certificate; an ACTIVE one of the same name stays
   * in use until then. A PENDING key of the same name is replaced.
   *
   * @return the request in PEM
   */
  String createSigningRequest(String name, KeyRequest request) throws CertificateStoreException;

  /** The same for a key in a file of the gateway, without a role. */
  default String createSigningRequest(
      String name, KeyType type, String subject, List<String> alternativeNames)
      throws CertificateStoreException {
    return createSigningRequest(name, new KeyRequest(type, subject, alternativeNames, "", ""));
  }

  /** Names of the hardware tokens (PKCS#11) that are configured and can make keys. */
  Set<String> tokens();

  /** Makes an identity that signs itself, such as the console's own at first start. */
  IdentityInfo createSelfSigned(
      String name, KeyType type, String subject, List<String> alternativeNames, Duration validity)
      throws CertificateStoreException;

  /**
   * Brings the certificate for a PENDING key, with its chain if it has one, in PEM. The key must
   * match.
   *
   * @return the new generation: ACTIVE, or on TRIAL
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

  /**
   * The same from a PKCS#12 file ({@code .p12}, {@code .pfx}) that holds one key and its chain.
   *
   * @param passphrase of the file; empty for none
   */
  IdentityInfo importPkcs12(String name, byte[] file, char[] passphrase)
      throws CertificateStoreException;

  /** Ends the trial of an identity without waiting for a connection: it is ACTIVE from now on. */
  IdentityInfo commit(String name) throws CertificateStoreException;

  /**
   * Goes back: discards what is on TRIAL; or else puts the PREVIOUS generation in the place of the
   * ACTIVE one, on trial as any other.
   *
   * @return what is in force or on trial now
   */
  IdentityInfo rollBack(String name) throws CertificateStoreException;

  /**
   * Another side has accepted what a context showed: it answered in its protocol. (That the TLS
   * handshake ended proves nothing: in TLS 1.3 the server looks at the certificate afterwards.)
   *
   * @param context that {@link #clientContext} gave; others are ignored
   */
  void accepted(SSLContext context);

  /** A connection with a context of {@link #clientContext} did not come about. */
  void failed(SSLContext context);

  /** Discards a PENDING key: nobody is going to sign its request. */
  void discardRequest(String name) throws CertificateStoreException;

  /** Removes an identity in all its generations. */
  void removeIdentity(String name) throws CertificateStoreException;

  /** Names of the sets of trusted roots. */
  Set<String> rootSets();

  /** Makes or replaces a set of trusted roots from one or more certificates in PEM. */
  void importRoots(String name, String pem) throws CertificateStoreException;

  /** The roots of a set in PEM. */
  String rootsPem(String name) throws CertificateStoreException;

  /**
   * The roots of a set.
   *
   * @param name empty for the JDK's, those of Amazon first
   */
  List<RootInfo> roots(String name) throws CertificateStoreException;

  /**
   * Certificates of other sides that were refused since the start, the latest first; at most 32.
   */
  List<RefusedCertificate> refused();

  /**
   * Trusts a refused certificate from now on: adds the root that was sent with it, or else the
   * certificate itself, to a set of roots, which is made if there is none of the name.
   *
   * @throws CertificateStoreException when it is not kept any more, or trusting it would not help
   */
  void trust(String fingerprint, String roots) throws CertificateStoreException;

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

  /**
   * A TLS context for a server that knows its clients itself. What TLS may be is decided here all
   * the same.
   *
   * @param identity what to show to clients
   * @param clients decides about the certificates of clients, which have to show one
   */
  SSLContext serverContext(String identity, X509ExtendedTrustManager clients)
      throws CertificateStoreException;
}
