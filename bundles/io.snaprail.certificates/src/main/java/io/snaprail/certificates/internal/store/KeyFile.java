package io.snaprail.certificates.internal.store;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
import io.snaprail.certificates.internal.token.KeyPlace;
import io.snaprail.certificates.internal.token.Tokens;
import io.snaprail.certificates.internal.x509.Certificates;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One key with its chain in a PKCS#12 file (RFC 7292) of mode 0600, encrypted with a random
 * password that the secret store keeps. Of a key in a hardware token there is a text instead: where
 * it is, and its chain in PEM. Written as a whole, atomically.
 */
public final class KeyFile {
  /** Name of the password in the secret store. */
  public static final String PASSWORD = "certificates.keystore";

  private static final String TYPE = "PKCS12";
  private static final String ALIAS = "snaprail";

  /** Begins the text; the DER of PKCS#12 begins otherwise. */
  private static final Pattern REFERENCE =
      Pattern.compile("token: (\\S{1,200})\nalias: (\\S{1,200})\n");

  private final Path file;
  private final SecretStore secrets;
  private final Tokens tokens;

  /** A file, which need not exist. */
  public KeyFile(Path file, SecretStore secrets, Tokens tokens) {
    this.file = file;
    this.secrets = secrets;
    this.tokens = tokens;
  }

  /** Its content; empty when there is no file. */
  public Optional<Entry> read() throws CertificateStoreException {
    char[] password = {};
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      Matcher reference = REFERENCE.matcher(new String(bytes, StandardCharsets.UTF_8));
      if (reference.lookingAt()) {
        return Optional.of(inToken(reference));
      }
      // Not getOrCreate: a new password would open nothing and hide that the old one is gone.
      password = secrets.get(PASSWORD).orElse(password);
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(new ByteArrayInputStream(bytes), password);
      Certificate[] chain = store.getCertificateChain(ALIAS);
      if (!(store.getKey(ALIAS, password) instanceof PrivateKey key) || chain == null) {
        throw new CertificateStoreException(file + " holds no key of this gateway");
      }
      List<X509Certificate> certificates =
          Arrays.stream(chain).map(X509Certificate.class::cast).toList();
      return Optional.of(new Entry(key, certificates));
    } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
      // Also what the secret store throws: to the reader it is the same.
      throw new CertificateStoreException(
          "%s cannot be opened (%s): it is damaged, or the secret store has not the password it was made with. Bring both back from the same backup, or remove the file and import the key again."
              .formatted(file, unreadable.getMessage()),
          unreadable);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private Entry inToken(Matcher reference) throws CertificateStoreException {
    KeyPlace place = new KeyPlace(reference.group(1), reference.group(2));
    List<X509Certificate> chain = new ArrayList<>();
    String pem = reference.replaceFirst("");
    for (Located located : PemIdentity.certificatesOnly(pem)) {
      chain.add(located.certificate());
    }
    return new Entry(tokens.get(place.token()).key(place.alias()), chain, place);
  }

  /** Replaces its content; durable when it returns. */
  public void write(Entry entry) throws CertificateStoreException {
    char[] password = {};
    try {
      password = secrets.getOrCreate(PASSWORD);
      byte[] bytes =
          entry.place() == null ? pkcs12(entry, password) : reference(entry.place(), entry);
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        PrivateFolder.create(folder);
      }
      AtomicFile.write(file, bytes, AtomicFile.PRIVATE);
    } catch (IOException | GeneralSecurityException | RuntimeException failure) {
      throw new CertificateStoreException(
          "%s cannot be written (%s); what was there stays in force. Make room, or let the gateway's user write there."
              .formatted(file, failure),
          failure);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static byte[] pkcs12(Entry entry, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(TYPE);
    store.load(null, password);
    store.setKeyEntry(ALIAS, entry.key(), password, entry.chain().toArray(new Certificate[0]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, password);
    return bytes.toByteArray();
  }

  private static byte[] reference(KeyPlace place, Entry entry) throws CertificateStoreException {
    String text =
        "token: %s\nalias: %s\n%s"
            .formatted(place.token(), place.alias(), Certificates.toPem(entry.chain()));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Removes the file, durably. */
  public void delete() throws CertificateStoreException {
    try {
      AtomicFile.delete(file);
    } catch (IOException failure) {
      throw new CertificateStoreException(file + " cannot be removed: " + failure, failure);
    }
  }
}
