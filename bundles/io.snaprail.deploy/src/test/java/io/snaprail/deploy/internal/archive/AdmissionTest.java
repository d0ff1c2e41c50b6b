package io.snaprail.deploy.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Wildcards;
import io.snaprail.deploy.testing.TestBundle;
import io.snaprail.deploy.testing.TestSigner;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
  @TempDir static Path keys;
  private static TestSigner signer;

  @TempDir Path folder;
  private Path good;

  @BeforeAll
  static void makeKeys() throws Exception {
    signer =
        new TestSigner(keys)
            .root("root")
            .root("other")
            .signer("maker", "root", "-ext", "eku=codeSigning")
            .signer("stranger", "other", "-ext", "eku=codeSigning")
            .signer("server", "root", "-ext", "eku=serverAuth")
            .signer("weak", "root", "-keyalg", "RSA", "-keysize", "1024")
            .signer("short", "root", "-validity", "2");
  }

  @BeforeEach
  void makeBundle() throws Exception {
    good = signer.sign(bundle().write(folder.resolve("b.jar")), "maker");
  }

  private static TestBundle bundle() throws Exception {
    return new TestBundle("com.example.driver", "1.2.3");
  }

  private Admission admission(boolean require, String... allow) {
    CertificateStore store =
        (CertificateStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CertificateStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("rootSets")
                        ? Set.of("deploy")
                        : "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                .encodeToString(signer.certificate("root").getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
    return new Admission(
        new Wildcards(allow.length == 0 ? List.of("com.example.*") : List.of(allow)),
        require,
        new Signers(() -> store, "deploy"));
  }

  private void refused(Path jar, String... words) {
    refused(jar, Instant.now(), words);
  }

  private void refused(Path jar, Instant at, String... words) {
    assertThatThrownBy(() -> admission(true).check(jar, at))
        .isInstanceOfSatisfying(DeployException.class, e -> assertThat(e.refused()).isTrue())
        .message()
        .contains(words);
  }

  /** Changes a jar as an archive, the signature stays. */
  private Path changed(Map<String, String> entries) throws Exception {
    Path jar = Files.copy(good, folder.resolve("changed.jar"));
    try (FileSystem zip = FileSystems.newFileSystem(jar)) {
      for (Map.Entry<String, String> one : entries.entrySet()) {
        Files.writeString(zip.getPath(one.getKey()), one.getValue());
      }
    }
    return jar;
  }

  @Test
  void bundleThatIsSignedByATrustedMakerIsAdmitted() throws Exception {
    Admission.Admitted admitted = admission(true).check(good, Instant.now());
    assertThat(admitted.signer()).isEqualTo("CN=maker");
    assertThat(admitted.manifest().symbolicName()).isEqualTo("com.example.driver");
    assertThat(admitted.manifest().version()).hasToString("1.2.3");
  }

  @Test
  void unsignedBundleIsRefusedUnlessDevelopmentAllowsIt() throws Exception {
    Path unsigned = folder.resolve("b.jar");
    refused(unsigned, "not signed");
    assertThat(admission(false).check(unsigned, Instant.now()).signer()).isEmpty();
    Path ours = new TestBundle("io.snaprail.core", "9").write(folder.resolve("ours.jar"));
    assertThatThrownBy(() -> admission(false, "*").check(ours, Instant.now()))
        .hasMessageContaining("not signed");
  }

  @Test
  void whoeverIsNotFromATrustedRootIsRefused() throws Exception {
    refused(signer.sign(folder.resolve("b.jar"), "stranger"), "CN=stranger", "trusted roots");
  }

  @Test
  void certificateThatIsNotForCodeIsRefused() throws Exception {
    refused(signer.sign(folder.resolve("b.jar"), "server"), "not meant to sign code");
  }

  @Test
  void weakKeyIsRefused() throws Exception {
    refused(signer.sign(folder.resolve("b.jar"), "weak"), "too weak");
  }

  // jdk.jar.disabledAlgorithms: SHA-1 does not count any more.
  @Test
  void weakDigestIsRefused() throws Exception {
    refused(signer.sign(folder.resolve("b.jar"), "maker", "MAKER", "SHA-1"), "too weak");
  }

  @Test
  void signerMustBeValidAtTheTime() throws Exception {
    Path jar = signer.sign(folder.resolve("b.jar"), "short");
    assertThat(admission(true).check(jar, Instant.now()).signer()).isEqualTo("CN=short");
    refused(jar, Instant.now().plus(Duration.ofDays(3)), "expired", "CN=short");
    refused(jar, Instant.parse("2001-01-01T00:00:00Z"), "clock");
  }

  @Test
  void changedEntryIsRefused() throws Exception {
    refused(changed(Map.of("version.txt", "6.6.6")), "changed after it was signed");
  }

  @Test
  void addedEntryIsRefused() throws Exception {
    refused(changed(Map.of("extra.txt", "x")), "'extra.txt'", "not signed");
  }

  @Test
  void entryThatHidesAmongTheSignatureIsNotTakenForOne() throws Exception {
    refused(changed(Map.of("META-INF/evil.txt", "x")), "'META-INF/evil.txt'");
  }

  // JAR File Specification: JarFile takes a manifest of which the signed sections match, whatever
  // else is in it.
  @Test
  void changedManifestIsRefused() throws Exception {
    String manifest;
    try (JarFile jar = new JarFile(good.toFile())) {
      manifest =
          new String(
              jar.getInputStream(jar.getEntry("META-INF/MANIFEST.MF")).readAllBytes(),
              StandardCharsets.UTF_8);
    }
    String added = manifest + "Name: other.txt\r\nX-Other: 1\r\n\r\n";
    refused(changed(Map.of("META-INF/MANIFEST.MF", added)), "the manifest was changed");
    Files.delete(folder.resolve("changed.jar"));
    String header = manifest.replace("com.example.dr", "com.example.xr");
    refused(changed(Map.of("META-INF/MANIFEST.MF", header)), "changed after it was signed");
  }

  @Test
  void secondSignatureIsRefused() throws Exception {
    refused(signer.sign(good, "stranger"), "signed by several");
  }

  @Test
  void whatReadersMayReadDifferentlyIsRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(good);
    Path prefixed = folder.resolve("prefixed.jar");
    Files.write(prefixed, "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
    Files.write(prefixed, bytes, java.nio.file.StandardOpenOption.APPEND);
    refused(prefixed, "does not begin");
    Path behind = folder.resolve("behind.jar");
    Files.write(behind, bytes);
    Files.write(behind, bytes, java.nio.file.StandardOpenOption.APPEND);
    refused(behind, "one directory and one end record");
    byte[] lying = bytes.clone();
    lying[lying.length - 2] = 1;
    refused(Files.write(folder.resolve("lying.jar"), lying), "one directory and one end record");
    Path cut = Files.write(folder.resolve("cut.jar"), Arrays.copyOf(bytes, bytes.length - 30));
    refused(cut, "not a jar that can be deployed");
  }

  @Test
  void nameThatIsThereTwiceIsRefused() throws Exception {
    Path jar = folder.resolve("twice.jar");
    byte[] bytes = zip("version.txt", "version.tyt");
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace(".tyt", ".txt");
    Files.write(jar, text.getBytes(StandardCharsets.ISO_8859_1));
    refused(jar, "'version.txt' is in it twice");
  }

  @Test
  void nameThatLeavesTheFolderIsRefused() throws Exception {
    refused(Files.write(folder.resolve("out.jar"), zip("a/../../etc/passwd")), "is no name");
    refused(Files.write(folder.resolve("abs.jar"), zip("/etc/passwd")), "is no name");
  }

  private static byte[] zip(String... names) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(1);
      }
    }
    return bytes.toByteArray();
  }

  // facts: at most 256 MiB unpacked, 100 times the archive.
  @Test
  void bombIsRefused() throws Exception {
    Path jar = folder.resolve("bomb.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.putNextEntry(new ZipEntry("zeros"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        out.write(zeros);
      }
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      assertThat(zip.size()).isEqualTo(1);
    }
    refused(jar, "unpacked");
  }

  @Test
  void bundleThatIsNotAllowedIsRefused() throws Exception {
    Path other = new TestBundle("org.other", "1").write(folder.resolve("o.jar"));
    refused(signer.sign(other, "maker"), "'org.other' is not allowed", "com.example.*");
    Path api = new TestBundle("io.snaprail.api", "9").write(folder.resolve("api.jar"));
    Path signed = signer.sign(api, "maker");
    assertThatThrownBy(() -> admission(true, "*").check(signed, Instant.now()))
        .hasMessageContaining("comes with the distribution only");
  }

  @Test
  void packagesOfThePlatformMayNotBeBrought() throws Exception {
    Path jar =
        bundle()
            .header("Export-Package", "com.example;uses:=\"org.osgi.x\",io.snaprail.api.driver")
            .write(folder.resolve("e.jar"));
    refused(signer.sign(jar, "maker"), "exports packages of the platform");
  }

  @Test
  void fragmentAndPlainJarAreRefused() throws Exception {
    Path fragment =
        bundle().header("Fragment-Host", "io.snaprail.core").write(folder.resolve("f.jar"));
    refused(signer.sign(fragment, "maker"), "fragment");
    Path plain = bundle().header("Bundle-SymbolicName", "").write(folder.resolve("p.jar"));
    refused(signer.sign(plain, "maker"), "Bundle-SymbolicName");
  }
}
