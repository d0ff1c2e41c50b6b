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
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
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

  /** Longer than a small token takes to make an RSA key. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The framework waits for whoever closes it. */
  private static final Duration LEAVE = Duration.ofSeconds(2);

  private final String name;
  private final Location where;
  private final SecretStore secrets;
  private final Runnable changed;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Open open;
  private volatile boolean closed;

  /** Why it could not be opened when that was tried last; empty when it could, or never was. */
  private volatile String trouble = "";

  private record Open(Provider provider, KeyStore store) {}

  /**
   * Where a token is.
   *
   * @param library the maker's PKCS#11 library
   * @param slot number of its slot in the library's list, from 0
   * @param pinSecret name of the PIN in the secret store
   */
  public record Location(Path library, int slot, String pinSecret) {}

  /**
   * Not yet opened.
   *
   * @param name on this gateway
   * @param changed called when {@link #trouble} is another
   */
  public HardwareToken(String name, Location where, SecretStore secrets, Runnable changed) {
    this.name = name;
    this.where = where;
    this.secrets = secrets;
    this.changed = changed;
  }

  /** Its name on this gateway. */
  public String name() {
    return name;
  }

  /** A key that is made in the token; it is kept there for good by {@link #keep}. */
  public KeyPair generate(KeyType type) throws CertificateStoreException {
    enter();
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
    enter();
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
    enter();
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
    enter();
    try {
      opened().store().deleteEntry(alias);
    } catch (GeneralSecurityException | ProviderException failure) {
      throw failed("does not remove the key '" + alias + "'", failure);
    } finally {
      lock.unlock();
    }
  }

  /** Opens it if it is not open; the message says why that cannot be. May take as it likes. */
  public void check() throws CertificateStoreException {
    enter();
    try {
      opened();
    } finally {
      lock.unlock();
    }
  }

  /** Why it could not be opened when that was tried last; empty when it could. Never waits. */
  public String trouble() {
    return trouble;
  }

  /**
   * A key that was given out does nothing any more: the token was pulled out, or somebody has
   * logged it out. It is opened anew when it is needed next; keys that were given out are of no
   * use.
   */
  public void reopen(String why) throws CertificateStoreException {
    enter();
    try {
      if (open != null) {
        LOG.warn("Hardware token {}: its session is lost ({}); it is opened anew", name, why);
        release(open);
        open = null;
      }
      opened();
    } finally {
      lock.unlock();
    }
  }

  private void release(Open lost) {
    logOut(lost.provider());
    Security.removeProvider(lost.provider().getName());
  }

  /** Lets it go; keys that were given out are of no use any more. */
  public void close() {
    closed = true;
    if (!entered(LEAVE)) {
      LOG.warn("Hardware token {}: its library does not come back; it is left alone", name);
      return;
    }
    try {
      if (open != null) {
        release(open);
        open = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private void enter() throws CertificateStoreException {
    if (!entered(PATIENCE)) {
      throw failed(
          "does not answer: its library has not come back for " + PATIENCE.toSeconds() + " s",
          null);
    }
  }

  /** Waits for others, but not for ever: a library may hang. */
  private boolean entered(Duration patience) {
    try {
      return lock.tryLock(patience.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
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
    try {
      Open made = opening();
      open = made;
      tell("");
      LOG.info("Hardware token {}: opened, {} (slot {})", name, where.library(), where.slot());
      return made;
    } catch (CertificateStoreException failure) {
      tell(String.valueOf(failure.getMessage()));
      throw failure;
    }
  }

  private void tell(String found) {
    if (!found.equals(trouble)) {
      trouble = found;
      changed.run();
    }
  }

  private Open opening() throws CertificateStoreException {
    if (closed) {
      throw failed("was taken out of the configuration", null);
    }
    if (!Files.isReadable(where.library())) {
      throw failed(
          "has the library " + where.library() + ", which is not there or cannot be read", null);
    }
    char[] pin =
        secrets
            .get(where.pinSecret())
            .orElseThrow(
                () ->
                    failed(
                        "needs its PIN, and there is no secret '%s'. Put it in on the Tokens page, or with PUT /api/v1/secrets/%s"
                            .formatted(where.pinSecret(), where.pinSecret()),
                        null));
    try {
      Provider provider = provider();
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      // TLS asks the JVM's list for whoever can sign with a key; the last place takes nothing else.
      Security.addProvider(provider);
      return new Open(provider, store);
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
            .formatted(name, where.library(), where.slot(), ATTRIBUTES));
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
