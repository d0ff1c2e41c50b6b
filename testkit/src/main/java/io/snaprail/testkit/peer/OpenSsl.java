package io.snaprail.testkit.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The openssl of the machine, working in a folder: what it makes, people bring; what it accepts,
 * others accept.
 */
public final class OpenSsl {
  private static final String KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

  private final Path folder;

  private OpenSsl(Path folder) {
    this.folder = folder;
  }

  /** In a folder, which is made when it is not there; see {@link Programs#require}. */
  public static OpenSsl in(Path folder) throws IOException {
    Programs.require("openssl", "openssl");
    return new OpenSsl(Files.createDirectories(folder));
  }

  /** Runs {@code openssl <line>}, arguments separated by blanks; returns what it prints. */
  public String run(String line) {
    return Programs.succeed(
        folder,
        Stream.concat(Stream.of("openssl"), Stream.of(line.split(" "))).toArray(String[]::new));
  }

  /** Makes an authority in {@code ca.key} and {@code ca.pem}. */
  public OpenSsl authority() {
    run("req -x509 " + KEY + " -keyout ca.key -out ca.pem -subj /CN=Plant -days 30");
    return this;
  }

  /**
   * Makes {@code NAME.key} and {@code NAME.pem}, signed by the {@link #authority}.
   *
   * @param name the common name too
   * @param extensions lines of an extension file
   */
  public void issue(String name, String... extensions) throws IOException {
    run("req %2$s -keyout %1$s.key -out %1$s.csr -subj /CN=%1$s".formatted(name, KEY));
    sign(name, extensions);
  }

  /** Signs a request that someone else made; returns the certificate. */
  public String signed(String csr, String... extensions) throws IOException {
    write("request.csr", csr);
    sign("request", extensions);
    return read("request.pem");
  }

  private void sign(String name, String... extensions) throws IOException {
    Files.write(file(name + ".ext"), List.of(extensions));
    run(
        "x509 -req -in %1$s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile %1$s.ext -out %1$s.pem"
            .formatted(name));
  }

  /** Key and certificate of {@link #issue} in one text. */
  public String identity(String name) throws IOException {
    return read(name + ".key") + read(name + ".pem");
  }

  /** A file of the folder. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Reads a file of the folder. */
  public String read(String file) throws IOException {
    return Files.readString(file(file), StandardCharsets.UTF_8);
  }

  /** Writes a file into the folder. */
  public void write(String file, String content) throws IOException {
    Files.writeString(file(file), content, StandardCharsets.UTF_8);
  }
}
