package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Wildcards;
import io.snaprail.deploy.internal.archive.Admission;
import io.snaprail.deploy.internal.archive.Signers;
import io.snaprail.deploy.internal.store.StateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Whatever is brought as a bundle: it is admitted, or refused in words. */
class DeployFuzzTest {
  private static void check(byte[] jar) throws IOException {
    Path file = Files.write(Files.createTempFile("fuzz", ".jar"), jar);
    try {
      Admission admission =
          new Admission(new Wildcards(List.of("*")), false, new Signers(() -> null, "deploy"));
      assertThat(admission.check(file, Instant.EPOCH).manifest().symbolicName()).isNotBlank();
    } catch (DeployException e) {
      assertThat(e.getMessage()).isNotBlank();
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest
  void anything(FuzzedDataProvider data) throws IOException {
    check(data.consumeRemainingAsBytes());
  }

  /** A jar in which some bytes are others. */
  @FuzzTest
  void changedJar(FuzzedDataProvider data) throws IOException {
    byte[] jar = jar("a", "1.0.0", "x");
    while (data.remainingBytes() > 1) {
      jar[data.consumeInt(0, jar.length - 1)] = data.consumeByte();
    }
    check(jar);
  }

  /** A bundle whose manifest says anything. */
  @FuzzTest
  void manifest(FuzzedDataProvider data) throws IOException {
    check(jar(data.consumeString(60), data.consumeString(30), data.consumeRemainingAsString()));
  }

  private static byte[] jar(String name, String version, String exports) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", line(name));
    headers.putValue("Bundle-Version", line(version));
    headers.putValue("Export-Package", line(exports));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      out.putNextEntry(new JarEntry("a.txt"));
      out.write(1);
    }
    return bytes.toByteArray();
  }

  private static String line(String text) {
    return text.replaceAll("[\\r\\n\\u0000]", " ");
  }

  /** The list of what is deployed. */
  @FuzzTest
  void list(FuzzedDataProvider data) throws IOException {
    Path folder = Files.createTempDirectory("fuzz");
    Path file = folder.resolve("deploy.json");
    try {
      Files.write(file, data.consumeRemainingAsString().getBytes(StandardCharsets.UTF_8));
      assertThat(new StateFile(folder).read().jars()).isNotNull();
    } catch (IOException e) {
      assertThat(e.getMessage()).contains("deploy.json");
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
  }
}
