package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.junit.Test;
import org.osgi.framework.Constants;

/** The rules of docs/architecture.md, held against the manifests that were built. */
public class ArchitectureIT {

  /** Third-party packages and the one bundle that may import them. */
  private static final Map<String, String> OWNERS =
      Map.of(
          "com.ghgande.j2mod", "io.snaprail.driver.modbus",
          "com.fazecast", "io.snaprail.serial",
          "org.eclipse.paho", "io.snaprail.mqtt",
          "org.bouncycastle", "io.snaprail.certificates",
          "io.netty", "io.snaprail.localiot",
          "org.eclipse.jetty", "io.snaprail.console",
          "org.apache.felix.webconsole", "io.snaprail.console",
          "org.apache.felix.http", "io.snaprail.console",
          "jakarta.servlet", "io.snaprail.console",
          "org.apache.felix.cm", "io.snaprail.storage");

  /** What any bundle may import: the JDK, OSGi's own packages, logging and JSON (docs/adr/0003). */
  private static final List<String> PLATFORM =
      List.of("java.", "javax.", "org.osgi.", "org.slf4j", "com.google.gson");

  private static final Map<String, Manifest> OURS = ours();

  private static Map<String, Manifest> ours() {
    Map<String, Manifest> manifests = new TreeMap<>();
    for (Path jar : Image.list(Image.HOME.resolve("bundles"))) {
      if (jar.getFileName().toString().startsWith("io.snaprail.")) {
        try (JarFile file = new JarFile(jar.toFile())) {
          Manifest manifest = file.getManifest();
          manifests.put(
              manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME), manifest);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return manifests;
  }

  private static Set<String> packages(String bundle, String header) {
    String value = OURS.get(bundle).getMainAttributes().getValue(header);
    Set<String> names = new TreeSet<>();
    for (String clause : clauses(value)) {
      names.add(clause.split(";")[0].strip());
    }
    return names;
  }

  /** Splits at commas that are not in quotes. */
  private static List<String> clauses(String value) {
    List<String> clauses = new ArrayList<>();
    if (value != null) {
      for (String clause : value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
        clauses.add(clause);
      }
    }
    return clauses;
  }

  private static Set<String> imports(String bundle) {
    return packages(bundle, Constants.IMPORT_PACKAGE);
  }

  @Test
  public void everyBundleOfTheArchitectureIsThere() {
    assertThat(OURS.keySet())
        .contains(
            "io.snaprail.api",
            "io.snaprail.core",
            "io.snaprail.storage",
            "io.snaprail.serial",
            "io.snaprail.driver.modbus",
            "io.snaprail.driver.serial",
            "io.snaprail.driver.mbus",
            "io.snaprail.driver.sml",
            "io.snaprail.driver.iec62056",
            "io.snaprail.driver.simulator",
            "io.snaprail.mqtt",
            "io.snaprail.awsiot",
            "io.snaprail.sparkplug",
            "io.snaprail.certificates",
            "io.snaprail.security",
            "io.snaprail.console",
            "io.snaprail.deploy",
            "io.snaprail.localiot");
  }

  @Test
  public void theApiDependsOnNothing() {
    assertThat(imports("io.snaprail.api"))
        .allMatch(p -> p.startsWith("java.") || p.startsWith("javax."));
  }

  @Test
  public void onlyTheApiExports() {
    for (String bundle : OURS.keySet()) {
      Set<String> exports = packages(bundle, Constants.EXPORT_PACKAGE);
      if (bundle.equals("io.snaprail.api")) {
        assertThat(exports).isNotEmpty().allMatch(p -> p.startsWith("io.snaprail.api."));
      } else {
        assertThat(exports).as("exports of " + bundle).isEmpty();
      }
    }
  }

  @Test
  public void nobodyImportsAnImplementation() {
    for (String bundle : OURS.keySet()) {
      assertThat(imports(bundle))
          .as("imports of " + bundle)
          .allMatch(p -> !p.startsWith("io.snaprail.") || p.startsWith("io.snaprail.api."));
    }
  }

  @Test
  public void driversDoNotImportUplinksNorTheReverse() {
    for (String bundle : OURS.keySet()) {
      if (bundle.startsWith("io.snaprail.driver.")) {
        assertThat(imports(bundle))
            .as("imports of " + bundle)
            .noneMatch(p -> p.matches("io\\.snaprail\\.api\\.(uplink|mqtt)"));
      }
      if (Set.of("io.snaprail.mqtt", "io.snaprail.awsiot", "io.snaprail.sparkplug")
          .contains(bundle)) {
        assertThat(imports(bundle))
            .as("imports of " + bundle)
            .noneMatch(p -> p.equals("io.snaprail.api.driver"));
      }
    }
  }

  @Test
  public void thirdPartyLibrariesAreImportedByTheirOwnerOnly() {
    for (String bundle : OURS.keySet()) {
      for (String name : imports(bundle)) {
        boolean ours = name.startsWith("io.snaprail.");
        boolean platform = PLATFORM.stream().anyMatch(name::startsWith);
        if (!ours && !platform) {
          assertThat(owner(name))
              .as("%s imports %s, which belongs to", bundle, name)
              .isEqualTo(bundle);
        }
      }
    }
  }

  private static String owner(String name) {
    return OWNERS.entrySet().stream()
        .filter(e -> name.startsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("nobody: add it to the owners with a reason");
  }

  @Test
  public void theFeaturesNameExactlyTheBundlesThatShip() {
    Set<Path> named = new HashSet<>();
    Image.bundles(Image.featureNames()).forEach(b -> named.add(b.file()));
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(Image.list(Image.HOME.resolve("bundles")));
  }

  @Test
  public void theArchiveStaysSmall() throws Exception {
    assertThat(Files.size(Image.ARCHIVE)).isLessThanOrEqualTo(25L << 20);
  }
}
