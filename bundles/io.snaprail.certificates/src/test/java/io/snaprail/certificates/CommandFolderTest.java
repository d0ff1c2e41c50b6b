package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system integrator on the gateway's machine, without a browser. */
class CommandFolderTest {
  /** Beside this module, in the distribution. */
  private static final Path SCRIPT = Path.of("../../distribution/src/bin/snaprail");

  @TempDir Path data;
  private RotationRig rig;
  private CommandFolder commands;
  private Path folder;

  @BeforeEach
  void commands() throws IOException {
    rig = new RotationRig(data).withIssuer();
    folder = rig.fixture.folder.resolve("commands");
    commands = new CommandFolder(folder, new Commands(rig.store, rig.rotations), rig.fixture.clock);
    commands.open();
  }

  @AfterEach
  void close() throws InterruptedException {
    rig.close();
  }

  private String ask(String request) throws IOException {
    Files.writeString(folder.resolve("test.request"), request);
    commands.look();
    assertThat(folder.resolve("test.request")).doesNotExist();
    return Files.readString(folder.resolve("test.answer"));
  }

  @Test
  void aRequestIsMadeAndItsCertificateBrought() throws Exception {
    String answer =
        ask("command: csr\nidentity: cloud\nsubject: CN=gw-7,O=Example\nnames: gw7, 10.1.2.3\n");
    assertThat(answer).startsWith("ok\n-----BEGIN CERTIFICATE REQUEST-----");
    OpenSsl openssl = OpenSsl.in(data);
    openssl.write("made.csr", answer.substring(3));
    assertThat(openssl.run("req -in made.csr -noout -verify -text"))
        .contains("verify OK", "CN = gw-7", "DNS:gw7", "IP Address:10.1.2.3");

    String pem = rig.issuer.sign(answer.substring(3), Duration.ofDays(9));
    assertThat(ask("command: import\nidentity: cloud\n\n" + pem))
        .startsWith("ok\ncloud: in force, CN=gw-7,O=Example, until ");
    assertThat(ask("command: list\n")).contains("cloud ", "active", "EC P-256", "CN=gw-7");
    assertThat(ask("command: rotate\nidentity: cloud\nissuer: nobody\n"))
        .startsWith("error: There is no issuer named 'nobody'");
    rig.store.serverContext("cloud", "");
    assertThat(ask("command: rotate\nidentity: cloud\nissuer: plant\n"))
        .startsWith("ok\ncloud: rotated");
    assertThat(ask("command: rollback\nidentity: cloud\n")).startsWith("ok\ncloud: in force");
    assertThat(ask("command: roots\nroots: plant\n\n" + pem)).startsWith("ok\n");
    assertThat(rig.store.rootSets()).contains("plant");
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertThat(ask("command: csr\nidentity: a\n"))
        .isEqualTo("error: The command 'csr' needs a subject\n");
    assertThat(ask("command: csr\nidentity: a\nsubject: CN=a\nkey: DSA\n"))
        .startsWith("error: Key: expected one of [EC_P256");
    assertThat(ask("command: burn\n")).startsWith("error: Expected list, csr");
    assertThat(ask("rubbish")).startsWith("error: Expected lines of 'key: value'");
    assertThat(ask("")).startsWith("error: The request names no command");
    assertThat(ask("command: import\nidentity: a\n\nx")).startsWith("error: ");
    assertThat(ask("command: discard\nidentity: a\n")).startsWith("error: Identity 'a' has no");
  }

  /** Requests are obeyed: nobody else may put one there, and no link leads out. */
  @Test
  void onlyTheOwnerMayCommand() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    Path secret = Files.writeString(data.resolve("elsewhere"), "command: list\n");
    Files.createSymbolicLink(folder.resolve("link.request"), secret);
    commands.look();
    assertThat(Files.readString(folder.resolve("link.answer"))).startsWith("error: ");
    assertThat(secret).exists();
    Files.setLastModifiedTime(
        folder.resolve("link.answer"),
        FileTime.from(rig.fixture.clock.instant().minus(Duration.ofMinutes(11))));
    commands.look();
    assertThat(folder.resolve("link.answer")).doesNotExist();
  }

  /** The whole way, by the command that people type. */
  @Test
  void theCommandLineMakesARequestAndBringsItsCertificate() throws Exception {
    assumeTrue(Files.isReadable(SCRIPT), "not in the source tree");
    Thread gateway = new Thread(this::obey, "test-gateway");
    gateway.setDaemon(true);
    gateway.start();
    try {
      String csr = run(0, "csr", "cloud", "--subject", "CN=gw-7,O=Example", "--names", "gw7");
      assertThat(csr).startsWith("-----BEGIN CERTIFICATE REQUEST-----");
      Path pem = data.resolve("signed.pem");
      Files.writeString(pem, rig.issuer.sign(csr, Duration.ofDays(9)));
      assertThat(run(0, "import", "cloud", pem.toString())).startsWith("cloud: in force");
      assertThat(rig.store.active("cloud"))
          .map(IdentityInfo::subject)
          .hasValue("CN=gw-7,O=Example");
      assertThat(run(0, "list")).contains("cloud", "active");
      assertThat(run(1, "rotate", "cloud", "--issuer", "nobody"))
          .contains("snaprail: There is no issuer named 'nobody'");
      assertThat(run(2, "csr", "cloud")).contains("--subject");
      assertThat(run(2, "import", "cloud", "/nowhere.pem")).contains("/nowhere.pem");
    } finally {
      gateway.interrupt();
      gateway.join(5000);
    }
    try (var left = Files.list(folder)) {
      assertThat(left).as("nothing stays").isEmpty();
    }
  }

  private void obey() {
    while (!Thread.currentThread().isInterrupted()) {
      commands.look();
      LockSupport.parkNanos(10_000_000);
    }
  }

  private String run(int status, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString(), "certificates"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isEqualTo(status);
    return out;
  }
}
