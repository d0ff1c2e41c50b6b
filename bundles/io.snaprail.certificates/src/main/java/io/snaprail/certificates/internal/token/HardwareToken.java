package io.snaprail.certificates.internal.token;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.x509.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token behind a PKCS#11 library (OASIS PKCS #11 v2.40), by the JDK's SunPKCS11. It is opened
 * when it is first needed. Keys are made in it as {@code CKA_SENSITIVE} and not {@code
 * CKA_EXTRACTABLE}: they never leave it. Safe for any thread.
 */
public final class HardwareToken {
  private static final Logger LOG = LoggerFactory.getLogger(HardwareToken.class);

  /** What is made is made for good, signs, and cannot be read, not even wrapped. */
  private static final String ATTRIBUTES =
      """
      attributes(generate,CKO_PRIVATE_KEY,*) = {
        CKA_TOKEN = true
        CKA_SENSITIVE = true
        CKA_EXTRACTABLE = false
        CKA_SIGN = true
      }
      attributes(generate,CKO_PUBLIC_KEY,*) = {
        CKA_TOKEN = false
      }
      """;

  private final String name;
  private final Path library;
  private final int slot;
  private final String pinSecret;
  private final SecretStore secrets;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Open open;
  private boolean closed;

  private record Open(Provider provider, KeyStore store) {}

  /**
   * Not yet opened.
   *
   * @param name on this gateway
   * @param library the maker's PKCS#11 library
   * @param slot number of its slot in the library's list, from 0
   * @param pinSecret name of the PIN in the secret store
   */
  public HardwareToken(String name, Path library, int slot, String pinSecret, SecretStore secrets) {
    this.name = name;
    this.library = library;
    this.slot = slot;
    this.pinSecret = pinSecret;
    this.secrets = secrets;
  }

  /** Its name on this gateway. */
  public String name() {
    return name;
  }

  /** A key that is made in the token; it is kept there for good by {@link #keep}. */
  public KeyPair generate(KeyType type) throws CertificateStoreException {
    lock.lock();
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(Keys.algorithm(type), opened().provider());
      Keys.initialize(generator, type, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException | ProviderException failure) {
      throw failed("cannot make a key of type " + type, failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps a key.
   *
   * @param identity whose it is, for people who look into the token
   * @param certificate anything that fits it: a token finds no key without one
   */
  public KeyPlace keep(String identity, PrivateKey key, X509Certificate certificate)
      throws CertificateStoreException {
    byte[] unique = new byte[4];
    random.nextBytes(unique);
    String alias = "snaprail-" + identity + "-" + HexFormat.of().formatHex(unique);
    lock.lock();
    try {
      opened().store().setKeyEntry(alias, key, null, new Certificate[] {certificate});
      return new KeyPlace(name, alias);
    } catch (GeneralSecurityException | ProviderException failure) {
      throw failed("cannot keep a key", failure);
    } finally {
      lock.unlock();
    }
  }

  /** A handle of a key that was kept. */
  public PrivateKey key(String alias) throws CertificateStoreException {
    lock.lock();
    try {
      if (opened().store().getKey(alias, null) instanceof PrivateKey key) {
        return key;
      }
      throw failed(
          "holds no key '"
              + alias
              + "'. Is it the token that the key was made in? Else make a new request",
          null);
    } catch (GeneralSecurityException | ProviderException failure) {
      throw failed("does not give the key '" + alias + "'", failure);
    } finally {
      lock.unlock();
    }
  }

  /** Removes a key for good. */
  public void delete(String alias) throws CertificateStoreException {
    lock.lock();
    try {
      opened().store().deleteEntry(alias);
    } catch (GeneralSecurityException | ProviderException failure) {
      throw failed("does not remove the key '" + alias + "'", failure);
    } finally {
      lock.unlock();
    }
  }

  /** Opens it if it is not open; the message says why that cannot be. */
  public void check() throws CertificateStoreException {
    lock.lock();
    try {
      opened();
    } finally {
      lock.unlock();
    }
  }

  /** Lets it go; keys that were given out are of no use any more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (open != null) {
        logOut(open.provider());
        Security.removeProvider(open.provider().getName());
        open = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whoever opens it next has to know its PIN: a login is the whole process's. */
  private void logOut(Provider provider) {
    if (provider instanceof AuthProvider authenticated) {
      try {
        authenticated.logout();
      } catch (LoginException | ProviderException failure) {
        LOG.debug("Hardware token {}: logging out", name, failure);
      }
    }
  }

  private Open opened() throws CertificateStoreException {
    if (open != null) {
      return open;
    }
    if (closed) {
      throw failed("was taken out of the configuration", null);
    }
    if (!Files.isReadable(library)) {
      throw failed("has the library " + library + ", which is not there or cannot be read", null);
    }
    char[] pin =
        secrets
            .get(pinSecret)
            .orElseThrow(
                () ->
                    failed(
                        "needs its PIN, and there is no secret '%s'. Put it in on the Tokens page, or with PUT /api/v1/secrets/%s"
                            .formatted(pinSecret, pinSecret),
                        null));
    try {
      Provider provider = provider();
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      // TLS asks the JVM's list for whoever can sign with a key; the last place takes nothing else.
      Security.addProvider(provider);
      open = new Open(provider, store);
      LOG.info("Hardware token {}: opened, {} (slot {})", name, library, slot);
      return open;
    } catch (IOException | GeneralSecurityException | RuntimeException failure) {
      throw failed("cannot be opened. Check library, slot and PIN", failure);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  private Provider provider() throws GeneralSecurityException {
    Provider pkcs11 = Security.getProvider("SunPKCS11");
    if (pkcs11 == null) {
      throw new GeneralSecurityException(
          "this Java runtime is without the module jdk.crypto.cryptoki");
    }
    return pkcs11.configure(
        "--name=snaprail-%s\nlibrary=%s\nslotListIndex=%d\n%s"
            .formatted(name, library, slot, ATTRIBUTES));
  }

  private CertificateStoreException failed(String what, @Nullable Exception cause) {
    return new CertificateStoreException(
        "The hardware token '%s' %s%s"
            .formatted(name, what, cause == null ? "" : " (" + reason(cause) + ")"),
        cause);
  }

  /** What the library said is at the bottom, such as CKR_PIN_INCORRECT. */
  private static String reason(Throwable failure) {
    Throwable bottom = failure;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    return String.valueOf(bottom.getMessage());
  }
}
