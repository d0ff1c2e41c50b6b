package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** SoftHSM2: a PKCS#11 token that nobody here wrote. Its one token is made once a test run. */
final class SoftHsm {
  static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  static final String PIN = "4711";

  private SoftHsm() {}

  /** Fails in CI and skips elsewhere when there is none. */
  static synchronized void require() throws IOException, InterruptedException {
    String missing = "SoftHSM2 is not there; install the Debian package softhsm2";
    if (!Files.exists(LIBRARY) && "true".equals(System.getenv("CI"))) {
      fail(missing);
    }
    assumeTrue(Files.exists(LIBRARY), missing);
    Path settings = Path.of(System.getenv("SOFTHSM2_CONF"));
    Path tokens = settings.resolveSibling("tokens");
    if (Files.exists(tokens)) {
      return;
    }
    Files.createDirectories(tokens);
    Files.writeString(
        settings, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    run("--init-token", "--free", "--label", "snaprail", "--pin", PIN, "--so-pin", "4712");
  }

  private static void run(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "softhsm2-util";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
