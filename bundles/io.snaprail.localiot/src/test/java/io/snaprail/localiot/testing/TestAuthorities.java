package io.snaprail.localiot.testing;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.testkit.peer.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Authorities on the openssl program: key and certificate of each in a folder. */
final class TestAuthorities implements CertificateAuthorities {
  private final Path folder;

  TestAuthorities(Path folder) {
    this.folder = folder;
  }

  @Override
  public Authority open(String name, String subject) throws CertificateStoreException {
    Path key = folder.resolve(name + ".ca.key");
    Path certificate = folder.resolve(name + ".ca.crt");
    if (!Files.exists(certificate)) {
      Programs.succeed(
          "openssl",
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-keyout",
          key.toString(),
          "-out",
          certificate.toString(),
          "-days",
          "3650",
          "-subj",
          slashes(subject),
          "-addext",
          "keyUsage=critical,keyCertSign,cRLSign");
    }
    return new OpensslAuthority(key, certificate);
  }

  private final class OpensslAuthority implements Authority {
    private final Path key;
    private final Path certificate;

    OpensslAuthority(Path key, Path certificate) {
      this.key = key;
      this.certificate = certificate;
    }

    @Override
    public X509Certificate certificate() {
      return Pems.certificates(Pems.read(certificate)).get(0);
    }

    @Override
    public X509Certificate issue(
        String csrPem, Use use, List<String> names, Instant notBefore, Instant notAfter) {
      Path request = folder.resolve("request.csr");
      Path extensions = folder.resolve("request.ext");
      Path out = folder.resolve("request.crt");
      List<String> lines = new ArrayList<>();
      lines.add("extendedKeyUsage=" + (use == Use.SERVER ? "serverAuth" : "clientAuth"));
      if (!names.isEmpty()) {
        lines.add(
            "subjectAltName="
                + String.join(",", names.stream().map(TestAuthorities::san).toList()));
      }
      Pems.write(request, csrPem);
      Pems.write(extensions, String.join("\n", lines) + "\n");
      // This openssl counts in days from now: enough for tests, which compare only the end.
      long days = Math.max(1, Duration.between(Instant.now(), notAfter).toDays());
      Programs.succeed(
          "openssl",
          "x509",
          "-req",
          "-in",
          request.toString(),
          "-CA",
          certificate.toString(),
          "-CAkey",
          key.toString(),
          "-out",
          out.toString(),
          "-days",
          Long.toString(days),
          "-extfile",
          extensions.toString());
      return Pems.certificates(Pems.read(out)).get(0);
    }
  }

  private static String san(String name) {
    return (name.matches("[0-9.]+") || name.contains(":") ? "IP:" : "DNS:") + name;
  }

  /** A subject as openssl takes it. */
  static String slashes(String subject) {
    StringBuilder all = new StringBuilder();
    // A comma that is escaped belongs to a value. This openssl keeps to 64 characters a value,
    // which AWS's own authority does not.
    for (String part : subject.split("(?<!\\\\),")) {
      all.append('/').append(part, 0, Math.min(part.length(), "CN=".length() + 64));
    }
    return all.toString();
  }
}
