package io.snaprail.deploy.internal.archive;

import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Wildcards;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Which bundles may be deployed here, as far as their files say. */
public final class Admission {
  private static final Set<String> NEVER =
      Set.of(
          "system.bundle",
          "org.apache.felix.framework",
          "io.snaprail.launcher",
          "io.snaprail.api",
          "io.snaprail.deploy");

  /** A second copy of these would split the class space: active, and never bound. */
  private static final List<String> PLATFORM_PACKAGES = List.of("io.snaprail.api", "org.osgi.");

  private static final String OURS = "io.snaprail.";

  private final Wildcards allow;
  private final boolean requireSignature;
  private final Signers signers;

  /**
   * A bundle that may be deployed.
   *
   * @param manifest what it says of itself
   * @param signer subject of whoever signed it; empty for nobody
   */
  public record Admitted(BundleManifest manifest, String signer) {}

  /**
   * Rules.
   *
   * @param allow symbolic names that may be deployed
   * @param requireSignature whether bundles must be signed; those of the platform always must
   */
  public Admission(Wildcards allow, boolean requireSignature, Signers signers) {
    this.allow = allow;
    this.requireSignature = requireSignature;
    this.signers = signers;
  }

  /**
   * Checks a file.
   *
   * @param at the moment at which its signer must be valid
   * @throws DeployException refused, with what is wrong and what to do
   */
  public Admitted check(Path jar, Instant at) throws DeployException {
    try {
      ArchiveCheck.check(jar);
      BundleManifest manifest = BundleManifest.read(jar);
      allowed(manifest);
      boolean must = requireSignature || manifest.symbolicName().startsWith(OURS);
      if (!must && !JarSignature.present(jar)) {
        return new Admitted(manifest, "");
      }
      return new Admitted(manifest, signer(jar, at, must));
    } catch (IOException e) {
      throw DeployException.failed("the bundle cannot be read: " + e.getMessage());
    }
  }

  private String signer(Path jar, Instant at, boolean must) throws DeployException, IOException {
    try {
      return JarSignature.check(jar, signers.roots(), at);
    } catch (DeployException e) {
      if (must || !e.refused()) {
        throw e;
      }
      return "";
    }
  }

  private void allowed(BundleManifest manifest) throws DeployException {
    String name = manifest.symbolicName();
    if (NEVER.contains(name)) {
      throw DeployException.refused(
          "'" + name + "' comes with the distribution only; install a newer distribution");
    }
    if (!allow.matches(name)) {
      throw DeployException.refused(
          "'" + name + "' is not allowed; 'allow' of io.snaprail.deploy has " + allow);
    }
    if (manifest.exportsAny(PLATFORM_PACKAGES)) {
      throw DeployException.refused(
          "'"
              + name
              + "' exports packages of the platform ("
              + String.join(", ", PLATFORM_PACKAGES)
              + "): leave them out, the gateway has them");
    }
  }
}
