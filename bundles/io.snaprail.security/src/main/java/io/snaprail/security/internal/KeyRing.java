package io.snaprail.security.internal;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The master keys of the secret store: one a line, {@code id base64}, the first encrypts, all
 * decrypt, so that a key can be replaced without losing what an older one protects.
 */
final class KeyRing {
  private static final int KEY_BYTES = 32;

  private final Path file;
  private final List<Key> keys;

  private KeyRing(Path file, List<Key> keys) {
    this.file = file;
    this.keys = List.copyOf(keys);
  }

  /** Makes a file with one random key. */
  static KeyRing create(Path file, SecureRandom random) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    byte[] id = new byte[4];
    random.nextBytes(key);
    random.nextBytes(id);
    String line = HexFormat.of().formatHex(id) + " " + Base64.getEncoder().encodeToString(key);
    AtomicFile.write(file, (line + "\n").getBytes(StandardCharsets.US_ASCII), AtomicFile.PRIVATE);
    Arrays.fill(key, (byte) 0);
    return open(file);
  }

  /** Reads a file and, after a crash while it was made, takes the owner's right to write again. */
  static KeyRing open(Path file) throws IOException {
    PrivateFiles.requirePrivate(file, "0400");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    List<Key> keys = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      number++;
      if (!line.isBlank()) {
        keys.add(parse(file, number, line.strip()));
      }
    }
    if (keys.isEmpty()) {
      throw Json.damaged(file, "it holds no key");
    }
    return new KeyRing(file, keys);
  }

  private static Key parse(Path file, int number, String line) throws IOException {
    String[] parts = line.split(" +");
    try {
      byte[] key = parts.length == 2 ? Base64.getDecoder().decode(parts[1]) : new byte[0];
      if (key.length == KEY_BYTES) {
        return new Key(parts[0], new SecretKeySpec(key, "AES"));
      }
    } catch (IllegalArgumentException notBase64) {
      // Says nothing about the content on purpose: it may be most of a key.
      throw Json.damaged(file, "line " + number + " is not 'id base64'");
    }
    throw Json.damaged(file, "line " + number + " is not an id and a key of 256 bits");
  }

  Key current() {
    return keys.get(0);
  }

  Optional<Key> byId(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  @Override
  public String toString() {
    return "KeyRing[" + file + "]";
  }

  /** A key and the name by which encrypted secrets refer to it. */
  record Key(String id, SecretKey secret) {
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }
}
