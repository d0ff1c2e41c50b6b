package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that prove who has asked for a certificate. They live for an hour, on disk too, where only
 * their hashes are. Used by the services' thread only.
 */
final class OwnershipTokens {
  private static final int BYTES = 48;

  private final Path file;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Entry> byHash = new LinkedHashMap<>();

  private record Entry(String certificate, long end) {}

  private OwnershipTokens(Path file) {
    this.file = file;
  }

  /**
   * Reads those that are there.
   *
   * @throws IOException when the file cannot be read or is damaged; the message names it
   */
  static OwnershipTokens open(Path file) throws IOException {
    OwnershipTokens tokens = new OwnershipTokens(file);
    try {
      JsonObject json = StrictJson.parseObject(Files.readString(file));
      for (String hash : json.keySet()) {
        JsonObject one = Members.object(json, hash);
        tokens.byHash.put(
            hash, new Entry(Members.string(one, "certificate"), Members.number(one, "end")));
      }
    } catch (NoSuchFileException firstStart) {
      return tokens;
    } catch (JsonException e) {
      throw new IOException(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; move it away: devices that wait for a thing then ask for a certificate again",
          e);
    }
    return tokens;
  }

  /** With nothing on disk, until something can be written. */
  static OwnershipTokens empty(Path file) {
    return new OwnershipTokens(file);
  }

  /** Makes one for a certificate. */
  String issue(String certificateId, long now) throws IOException {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    byHash.put(
        hash(token), new Entry(certificateId, now + Quotas.OWNERSHIP_TOKEN_LIFE.toSeconds()));
    write();
    return token;
  }

  /** The certificate of a token; empty when there is none or it has ended. */
  Optional<String> certificate(String token, long now) {
    Entry entry = byHash.get(hash(token));
    return entry == null || entry.end() <= now
        ? Optional.empty()
        : Optional.of(entry.certificate());
  }

  /** It has done its work. */
  void remove(String token) throws IOException {
    if (byHash.remove(hash(token)) != null) {
      write();
    }
  }

  /** Removes those that have ended; their certificates. */
  List<String> expire(long now) throws IOException {
    List<String> certificates = new ArrayList<>();
    byHash
        .values()
        .removeIf(
            one -> {
              boolean ended = one.end() <= now;
              if (ended) {
                certificates.add(one.certificate());
              }
              return ended;
            });
    if (!certificates.isEmpty()) {
      write();
    }
    return certificates;
  }

  private void write() throws IOException {
    JsonObject json = new JsonObject();
    byHash.forEach(
        (hash, entry) -> {
          JsonObject one = new JsonObject();
          one.addProperty("certificate", entry.certificate());
          one.addProperty("end", entry.end());
          json.add(hash, one);
        });
    byte[] text = StrictJson.writePretty(json).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, text, AtomicFile.PRIVATE);
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
