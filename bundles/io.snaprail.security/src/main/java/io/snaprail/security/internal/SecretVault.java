package io.snaprail.security.internal;

import com.google.gson.JsonObject;
import io.snaprail.api.security.SecretStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Secrets in one file, each encrypted by itself with AES-256-GCM: a random nonce of 96 bits, a tag
 * of 128 bits, the name as associated data so that two secrets cannot change places. Decrypted text
 * is never kept. Safe for any thread.
 */
public final class SecretVault implements SecretStore {
  static final String KEY_FILE = "master.key";
  static final String SECRETS_FILE = "secrets.json";

  private static final Pattern NAME = Pattern.compile("[!-~]{1,200}");
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int RANDOM_SECRET_BYTES = 32;

  private final Path file;
  private final KeyRing keys;
  private final SecureRandom random;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<String, Sealed> secrets;

  private SecretVault(Path file, KeyRing keys, SecureRandom random, Map<String, Sealed> secrets) {
    this.file = file;
    this.keys = keys;
    this.random = random;
    this.secrets = secrets;
  }

  /**
   * Opens the vault of a folder; at the first time it makes the folder and the master key.
   *
   * @throws UnsafeFileException when others have rights to the folder or a file in it, or when the
   *     key is gone while secrets are there
   */
  public static SecretVault open(Path folder, SecureRandom random) throws IOException {
    PrivateFiles.createFolder(folder);
    PrivateFiles.requirePrivate(folder, "0700");
    Path keyFile = folder.resolve(KEY_FILE);
    Path file = folder.resolve(SECRETS_FILE);
    boolean hasSecrets = Files.exists(file);
    if (hasSecrets) {
      PrivateFiles.requirePrivate(file, "0600");
    }
    if (!Files.exists(keyFile) && hasSecrets) {
      throw new UnsafeFileException(
          "%s is missing, but %s holds secrets that only this key opens. Bring the key back from a backup, or delete %s to start without secrets."
              .formatted(keyFile, file, file));
    }
    KeyRing keys = Files.exists(keyFile) ? KeyRing.open(keyFile) : KeyRing.create(keyFile, random);
    return new SecretVault(file, keys, random, hasSecrets ? load(file) : Map.of());
  }

  private static Map<String, Sealed> load(Path file) throws IOException {
    JsonObject all = Json.child(file, Json.read(file), "secrets");
    Map<String, Sealed> secrets = new TreeMap<>();
    for (String name : all.keySet()) {
      JsonObject entry = Json.child(file, all, name);
      secrets.put(
          name,
          new Sealed(
              Json.string(file, entry, "key"),
              Json.string(file, entry, "nonce"),
              Json.string(file, entry, "data")));
    }
    return secrets;
  }

  @Override
  public Optional<char[]> get(String name) {
    check(name);
    lock.lock();
    try {
      Sealed encrypted = secrets.get(name);
      return encrypted == null ? Optional.empty() : Optional.of(unseal(name, encrypted));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public char[] getOrCreate(String name) {
    lock.lock();
    try {
      Optional<char[]> present = get(name);
      if (present.isPresent()) {
        return present.get();
      }
      byte[] bytes = new byte[RANDOM_SECRET_BYTES];
      random.nextBytes(bytes);
      byte[] text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
      char[] secret = chars(text);
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(text, (byte) 0);
      put(name, secret);
      return secret;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(String name, char[] secret) {
    check(name);
    lock.lock();
    try {
      Map<String, Sealed> changed = new TreeMap<>(secrets);
      changed.put(name, seal(name, secret));
      save(changed);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void remove(String name) {
    check(name);
    lock.lock();
    try {
      Map<String, Sealed> changed = new HashMap<>(secrets);
      if (changed.remove(name) != null) {
        save(changed);
      }
    } finally {
      lock.unlock();
    }
  }

  private void save(Map<String, Sealed> changed) {
    JsonObject all = new JsonObject();
    new TreeMap<>(changed)
        .forEach(
            (name, encrypted) -> {
              JsonObject entry = new JsonObject();
              entry.addProperty("key", encrypted.keyId());
              entry.addProperty("nonce", encrypted.nonce());
              entry.addProperty("data", encrypted.data());
              all.add(name, entry);
            });
    JsonObject root = new JsonObject();
    root.addProperty("version", 1);
    root.add("secrets", all);
    try {
      Json.write(file, root);
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "The secret store cannot write "
              + file
              + " ("
              + failure.getMessage()
              + "); the old secrets stay in force. Make room, or let the gateway's user write.",
          failure);
    }
    secrets = changed;
  }

  private Sealed seal(String name, char[] secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] plain = utf8(secret);
    try {
      KeyRing.Key key = keys.current();
      byte[] data = cipher(Cipher.ENCRYPT_MODE, key, nonce, name).doFinal(plain);
      Base64.Encoder base64 = Base64.getEncoder();
      return new Sealed(key.id(), base64.encodeToString(nonce), base64.encodeToString(data));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This JDK cannot do AES-256-GCM", impossible);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private char[] unseal(String name, Sealed encrypted) {
    KeyRing.Key key =
        keys.byId(encrypted.keyId())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Secret '%s' in %s is encrypted with key %s, which %s does not hold. Bring that key file back from a backup, or set the secret again."
                            .formatted(
                                name, file, encrypted.keyId(), file.resolveSibling(KEY_FILE))));
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      byte[] nonce = base64.decode(encrypted.nonce());
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, key, nonce, name).doFinal(base64.decode(encrypted.data()));
      char[] secret = chars(plain);
      Arrays.fill(plain, (byte) 0);
      return secret;
    } catch (AEADBadTagException | IllegalArgumentException tampered) {
      throw new IllegalStateException(
          "Secret '%s' in %s was changed outside the gateway or is damaged. Set it again, or bring the file back from a backup."
              .formatted(name, file),
          tampered);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This JDK cannot do AES-256-GCM", impossible);
    }
  }

  private static byte[] utf8(char[] secret) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(secret));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    // The encoder's buffer is longer than what it holds and would keep the secret.
    encoded.clear().put(new byte[encoded.capacity()]);
    return bytes;
  }

  private static char[] chars(byte[] utf8) {
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
    char[] secret = new char[decoded.remaining()];
    decoded.get(secret);
    decoded.clear().put(new char[decoded.capacity()]);
    return secret;
  }

  private static Cipher cipher(int mode, KeyRing.Key key, byte[] nonce, String name)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static void check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name of a secret: expected 1..200 printable ASCII characters without blanks, found '"
              + name
              + "'");
    }
  }

  @Override
  public String toString() {
    return "SecretVault[" + file + "]";
  }

  /** An encrypted secret as it stands in the file. */
  private record Sealed(String keyId, String nonce, String data) {}
}
