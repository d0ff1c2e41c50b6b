package io.snaprail.benchmarks.localiot;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates (EC P-256) that openssl makes, in a folder.
 *
 * @param folder where they lie
 */
public record Pki(Path folder) {
  private static final char[] PASSWORD = "benchmark".toCharArray();

  /** Makes an authority, a server for localhost and a client. */
  public void make() throws IOException, InterruptedException {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt"
            + " -days 30 -subj /CN=Benchmark");
    Files.writeString(folder.resolve("server.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    Files.writeString(folder.resolve("client.ext"), "extendedKeyUsage=clientAuth\n");
    for (String name : List.of("server", "client")) {
      openssl(
          "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %1$s.key -out %1$s.csr -subj /CN=%1$s"
              .formatted(name));
      openssl(
          "x509 -req -in %1$s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out %1$s.crt -days 30 -extfile %1$s.ext"
              .formatted(name));
      openssl(
          "pkcs12 -export -in %1$s.crt -inkey %1$s.key -out %1$s.p12 -passout pass:benchmark"
              .formatted(name));
    }
  }

  private void openssl(String arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("openssl");
    builder.command().addAll(List.of(arguments.split(" ")));
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("openssl.log").toFile());
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new IOException("openssl " + arguments + ": " + code + "; see " + folder);
    }
  }

  X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".crt"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /** A context that shows an identity and takes any certificate: who it is, CONNECT asks. */
  public SSLContext context(String name) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
    return context;
  }

  private static final class Everybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
