package io.snaprail.deploy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** Signs jars as jarsigner does, with keys that the JDK's keytool has made. */
public final class TestSigner {
  private static final char[] PASS = "changeit".toCharArray();

  private final Path store;

  public TestSigner(Path folder) {
    this.store = folder.resolve("keys.p12");
  }

  /** Makes a root. */
  public TestSigner root(String alias) throws Exception {
    return keytool(alias, "-ext", "bc:c", "-ext", "ku=keyCertSign,cRLSign");
  }

  /** Makes a signer of a root, with more arguments of keytool. */
  public TestSigner signer(String alias, String root, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-signer", root));
    arguments.addAll(List.of(more));
    return keytool(alias, arguments.toArray(String[]::new));
  }

  public TestSigner keytool(String alias, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASS)));
    if (!List.of(more).contains("-keyalg")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    }
    if (!List.of(more).contains("-validity")) {
      command.addAll(List.of("-validity", "365"));
    }
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + output);
    }
    return this;
  }

  public KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASS);
    }
    return keys;
  }

  public X509Certificate certificate(String alias) throws IOException, GeneralSecurityException {
    return (X509Certificate) keys().getCertificate(alias);
  }

  /** Signs; the signed jar lies beside the other. */
  public Path sign(Path jar, String alias) throws Exception {
    return sign(jar, alias, alias.toUpperCase(java.util.Locale.ROOT), "SHA-256");
  }

  public Path sign(Path jar, String alias, String file, String digest) throws Exception {
    Path signed = jar.resolveSibling(alias + "-" + jar.getFileName());
    Certificate[] chain = keys().getCertificateChain(alias);
    JarSigner signer =
        new JarSigner.Builder(
                (PrivateKey) keys().getKey(alias, PASS),
                CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain)))
            .digestAlgorithm(digest)
            .signerName(file.length() > 8 ? file.substring(0, 8) : file)
            .build();
    try (ZipFile in = new ZipFile(jar.toFile());
        OutputStream out = Files.newOutputStream(signed)) {
      signer.sign(in, out);
    }
    return signed;
  }
}
