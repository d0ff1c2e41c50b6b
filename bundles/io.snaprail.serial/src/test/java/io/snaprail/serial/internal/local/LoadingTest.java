package io.snaprail.serial.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own: a process loads the library once. */
class LoadingTest {
  @TempDir Path folder;

  /** Loads the library and prints where from. */
  public static final class Main {
    private Main() {}

    /** The argument is the folder for libraries. */
    public static void main(String[] arguments) throws Exception {
      new NativeLibrary(Path.of(arguments[0]), trouble -> {}).require();
      try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
        lines
            .filter(line -> line.contains("jSerialComm.so"))
            .map(line -> line.substring(line.indexOf('/')))
            .distinct()
            .forEach(line -> System.out.println("loaded " + line));
      }
      System.out.println("tmpdir " + System.getProperty("java.io.tmpdir"));
    }
  }

  /**
   * The folder among the temporary files is anyone's: a library there must not be loaded, and what
   * a link there leads to must not be deleted, which jSerialComm would do.
   */
  @Test
  void neitherLoadsNorDeletesAnythingAmongTheTemporaryFiles() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Path treasure =
        Files.writeString(
            Files.createDirectories(folder.resolve("treasure")).resolve("diary"), "mine");
    Path planted = Files.createDirectories(temporary.resolve("jSerialComm/2.11.4"));
    Files.write(planted.resolve("libjSerialComm.so"), new byte[] {1});
    Files.createSymbolicLink(temporary.resolve("jSerialComm/link"), treasure.getParent());
    Path libraries = folder.resolve("native");

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-Duser.home=" + temporary,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                libraries.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(output.lines())
        .contains(
            "loaded " + libraries.toRealPath().resolve("Linux/x86_64/libjSerialComm.so"),
            "tmpdir " + temporary)
        .filteredOn(line -> line.startsWith("loaded"))
        .hasSize(1);
    assertThat(treasure).hasContent("mine");
    assertThat(planted.resolve("libjSerialComm.so")).exists();
  }
}
