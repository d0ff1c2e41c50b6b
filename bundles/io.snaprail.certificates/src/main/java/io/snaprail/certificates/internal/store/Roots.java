package io.snaprail.certificates.internal.store;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
import io.snaprail.certificates.internal.x509.Certificates;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Sets of trusted roots on disk: {@code <folder>/<name>.pem}. Safe for any thread. */
public final class Roots {
  private static final String SUFFIX = ".pem";

  private final Path folder;

  /** The sets of a folder, which need not exist. */
  public Roots(Path folder) {
    this.folder = folder;
  }

  /** Every name, sorted. */
  public Set<String> names() {
    String[] files =
        folder
            .toFile()
            .list(
                (File dir, String name) -> name.endsWith(SUFFIX) && StoreNames.isValid(base(name)));
    Set<String> names = new TreeSet<>();
    Arrays.stream(files == null ? new String[0] : files).map(Roots::base).forEach(names::add);
    return names;
  }

  /** Reads the certificates of a text as roots; each once, in the order of the text. */
  public static List<X509Certificate> parse(String pem) throws CertificateStoreException {
    Set<X509Certificate> roots = new LinkedHashSet<>();
    for (Located located : PemIdentity.certificatesOnly(pem)) {
      Optional<String> weakness = Certificates.weakness(located.certificate());
      if (weakness.isPresent()) {
        throw new CertificateStoreException(
            "Line %d: the root %s is refused: %s"
                .formatted(
                    located.line(), Certificates.describe(located.certificate()), weakness.get()));
      }
      roots.add(located.certificate());
    }
    return List.copyOf(roots);
  }

  /** Makes or replaces a set. */
  public void put(String name, List<X509Certificate> roots) throws CertificateStoreException {
    Path file = file(name);
    try {
      PrivateFolder.create(folder);
      byte[] pem = Certificates.toPem(roots).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(file, pem, AtomicFile.PUBLIC);
    } catch (IOException failure) {
      throw new CertificateStoreException(
          "%s cannot be written (%s); what was there stays in force".formatted(file, failure),
          failure);
    }
  }

  /** A set in PEM. */
  public String pem(String name) throws CertificateStoreException {
    Path file = file(name);
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException missing) {
      throw new CertificateStoreException(
          "There is no set of roots named '%s'. Present: %s. Import it first."
              .formatted(name, names().isEmpty() ? "none" : String.join(", ", names())));
    } catch (IOException failure) {
      throw new CertificateStoreException(file + " cannot be read: " + failure, failure);
    }
  }

  /** A set. */
  public List<X509Certificate> get(String name) throws CertificateStoreException {
    String pem = pem(name);
    try {
      return parse(pem);
    } catch (CertificateStoreException damaged) {
      throw new CertificateStoreException(file(name) + ": " + damaged.getMessage(), damaged);
    }
  }

  private Path file(String name) throws CertificateStoreException {
    return folder.resolve(StoreNames.require("Set of roots", name) + SUFFIX);
  }

  private static String base(String file) {
    return file.substring(0, file.length() - SUFFIX.length());
  }
}
