package io.snaprail.deploy.internal.archive;

import io.snaprail.deploy.internal.DeployException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a bundle says of itself. OSGi Core R8, section 3.2.
 *
 * @param symbolicName 1..200 letters, digits, {@code . _ -}
 * @param version of the bundle
 * @param singleton whether two versions of it cannot be resolved at the same time
 * @param exports the header, for what no bundle but the platform's may export
 */
public record BundleManifest(
    String symbolicName, Version version, boolean singleton, String exports) {

  /**
   * Reads.
   *
   * @throws DeployException refused, with what is wrong
   */
  public static BundleManifest read(Path jar) throws DeployException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest manifest = file.getManifest();
      if (manifest == null) {
        throw DeployException.refused("the jar has no manifest, so it is no bundle");
      }
      return of(manifest.getMainAttributes());
    } catch (IOException e) {
      throw DeployException.refused("its manifest cannot be read: " + e.getMessage());
    }
  }

  private static BundleManifest of(Attributes headers) throws DeployException {
    String full = header(headers, Constants.BUNDLE_SYMBOLICNAME);
    String name = full.split(";", 2)[0].strip();
    if (!"2".equals(header(headers, Constants.BUNDLE_MANIFESTVERSION))
        || !name.matches("[A-Za-z0-9._-]{1,200}")) {
      throw DeployException.refused(
          "expected a bundle with Bundle-ManifestVersion 2 and a Bundle-SymbolicName of 1..200"
              + " letters, digits, '.', '_', '-', found '"
              + full
              + "'");
    }
    if (!header(headers, Constants.FRAGMENT_HOST).isEmpty()) {
      throw DeployException.refused(
          "bundle '" + name + "' is a fragment, which would change another bundle");
    }
    String text = header(headers, Constants.BUNDLE_VERSION);
    try {
      return new BundleManifest(
          name,
          Version.parseVersion(text),
          full.replace(" ", "").contains(Constants.SINGLETON_DIRECTIVE + ":=true")
              || full.replace(" ", "").contains(Constants.SINGLETON_DIRECTIVE + ":=\"true\""),
          header(headers, Constants.EXPORT_PACKAGE));
    } catch (IllegalArgumentException e) {
      throw DeployException.refused(
          "Bundle-Version of '" + name + "': expected such as 1.2.3, found '" + text + "'");
    }
  }

  // Names of attributes are alike in any case of letters.
  private static String header(Attributes headers, String name) {
    for (Map.Entry<Object, Object> one : headers.entrySet()) {
      if (one.getKey().toString().equalsIgnoreCase(name)) {
        return one.getValue().toString().strip();
      }
    }
    return "";
  }

  /** Whether it brings packages that begin with one of these. */
  public boolean exportsAny(List<String> packages) {
    String flat = exports.replaceAll("\"[^\"]*\"", "");
    for (String clause : flat.split(",")) {
      for (String part : clause.split(";")) {
        if (packages.stream().anyMatch(part.strip()::startsWith)) {
          return true;
        }
      }
    }
    return false;
  }
}
