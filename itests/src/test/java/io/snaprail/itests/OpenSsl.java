package io.snaprail.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority made by openssl. */
final class OpenSsl {
  private final Path folder;

  OpenSsl(Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    Program.require(Path.of("/usr/bin/openssl"), "openssl");
    Program.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=Test CA",
        "-keyout",
        folder.resolve("ca.key"),
        "-out",
        caFile());
  }

  Path caFile() {
    return folder.resolve("ca.pem");
  }

  /** Key and certificate in {@code name.key} and {@code name.pem}. */
  void issue(String name, String extensions) throws IOException, InterruptedException {
    Program.run(
        "openssl",
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-keyout",
        folder.resolve(name + ".key"),
        "-out",
        folder.resolve(name + ".csr"));
    sign(folder.resolve(name + ".csr"), folder.resolve(name + ".pem"), extensions);
  }

  /** Signs a request that someone else made. */
  String sign(String csr, String extensions) throws IOException, InterruptedException {
    Path request = Files.writeString(folder.resolve("request.csr"), csr);
    Path certificate = folder.resolve("request.pem");
    sign(request, certificate, extensions);
    return Files.readString(certificate);
  }

  private void sign(Path request, Path certificate, String extensions)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("extensions"), extensions);
    Program.run(
        "openssl",
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        caFile(),
        "-CAkey",
        folder.resolve("ca.key"),
        "-CAcreateserial",
        "-days",
        "30",
        "-extfile",
        file,
        "-out",
        certificate);
  }

  Path file(String name) {
    return folder.resolve(name);
  }
}
