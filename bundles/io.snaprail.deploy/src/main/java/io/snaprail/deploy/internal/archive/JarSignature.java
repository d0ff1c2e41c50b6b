package io.snaprail.deploy.internal.archive;

import io.snaprail.deploy.internal.DeployException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a jar, checked on every byte of it. JAR File Specification, "Signed JAR File":
 * one signature over the whole manifest, and every other entry covered by it. Weak algorithms do
 * not count: those that the JDK does not take for jars ({@code jdk.jar.disabledAlgorithms}, which
 * has SHA-1), and keys below 2048 (RSA) and 256 bits (EC).
 */
public final class JarSignature {
  private static final Pattern SIGNATURE_FILE =
      Pattern.compile("META-INF/([^/]+\\.(SF|RSA|DSA|EC)|SIG-[^/]*)", Pattern.CASE_INSENSITIVE);
  private static final Set<String> STRONG = Set.of("SHA-256", "SHA-384", "SHA-512");

  private JarSignature() {}

  /**
   * Whether there is any signature at all.
   *
   * @throws IOException when it cannot be read
   */
  public static boolean present(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      return Collections.list(file.entries()).stream()
          .anyMatch(entry -> SIGNATURE_FILE.matcher(entry.getName()).matches());
    }
  }

  /**
   * Checks a jar that {@link ArchiveCheck} has let pass.
   *
   * @param roots who may sign, or sign for those who sign
   * @param at the moment at which the certificates must be valid; a time stamp from one of the
   *     roots counts instead
   * @return subject of the signer
   * @throws DeployException refused: unsigned, changed, or signed by somebody else
   */
  public static String check(Path jar, Set<X509Certificate> roots, Instant at)
      throws DeployException, IOException {
    try (JarFile file = new JarFile(jar.toFile(), true)) {
      List<JarEntry> entries = Collections.list(file.entries());
      wholeManifest(file, entries);
      CodeSigner signer = null;
      for (JarEntry entry : entries) {
        drain(file, entry);
        String name = entry.getName();
        if (entry.isDirectory()
            || name.equalsIgnoreCase(JarFile.MANIFEST_NAME)
            || SIGNATURE_FILE.matcher(name).matches()) {
          continue;
        }
        signer = signerOf(entry, signer);
      }
      if (signer == null) {
        throw DeployException.refused("the bundle has no content that could be signed");
      }
      return SignerChain.check(signer, roots, at);
    } catch (SecurityException e) {
      // What JarFile throws for a digest that does not match.
      throw DeployException.refused(
          "the bundle was changed after it was signed: " + e.getMessage());
    }
  }

  private static CodeSigner signerOf(JarEntry entry, @Nullable CodeSigner before)
      throws DeployException {
    CodeSigner[] signers = entry.getCodeSigners();
    if (signers == null || signers.length != 1) {
      throw DeployException.refused(
          "'"
              + entry.getName()
              + "' in the bundle is not signed, or with an algorithm that is too weak; sign the"
              + " finished jar once, with SHA-256 or better");
    }
    if (before != null && !before.equals(signers[0])) {
      throw DeployException.refused("the bundle is signed by several; sign the finished jar once");
    }
    return signers[0];
  }

  /** JarFile takes a manifest of which only parts are signed; here all of it has to be. */
  private static void wholeManifest(JarFile file, List<JarEntry> entries)
      throws DeployException, IOException {
    List<JarEntry> blocks = new ArrayList<>();
    JarEntry manifest = null;
    for (JarEntry entry : entries) {
      if (SIGNATURE_FILE.matcher(entry.getName()).matches()
          && entry.getName().toUpperCase(Locale.ROOT).endsWith(".SF")) {
        blocks.add(entry);
      }
      if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
        manifest = entry;
      }
    }
    if (manifest == null || blocks.isEmpty()) {
      throw DeployException.refused("the bundle is not signed");
    }
    if (blocks.size() > 1) {
      throw DeployException.refused("the bundle is signed by several; sign the finished jar once");
    }
    Attributes said;
    try (InputStream in = file.getInputStream(blocks.get(0))) {
      said = new Manifest(in).getMainAttributes();
    }
    byte[] content;
    try (InputStream in = file.getInputStream(manifest)) {
      content = in.readAllBytes();
    }
    if (!covers(said, content)) {
      throw DeployException.refused(
          "the manifest was changed after the bundle was signed, or its digest is too weak:"
              + " expected a SHA-256-Digest-Manifest, or a stronger one, of the whole manifest");
    }
  }

  private static boolean covers(Attributes said, byte[] manifest) {
    for (String algorithm : STRONG) {
      String digest = said.getValue(algorithm + "-Digest-Manifest");
      if (digest != null) {
        try {
          byte[] expected = Base64.getDecoder().decode(digest.strip());
          byte[] found = MessageDigest.getInstance(algorithm).digest(manifest);
          return MessageDigest.isEqual(expected, found);
        } catch (NoSuchAlgorithmException | IllegalArgumentException e) {
          return false;
        }
      }
    }
    return false;
  }

  private static void drain(JarFile file, JarEntry entry) throws IOException {
    byte[] buffer = new byte[1 << 14];
    try (InputStream in = file.getInputStream(entry)) {
      int read = in.read(buffer);
      while (read >= 0) {
        read = in.read(buffer);
      }
    }
  }
}
