package io.snaprail.testkit.line;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The simulator itself, a program in C: compiled when it is first used in a run. */
final class LineProgram {
  private static final Path COMPILER = Path.of("/usr/bin/gcc");
  private static final List<String> SOURCES = List.of("line.h", "line.c", "units.c", "talk.c");
  private static final int COMPILE_SECONDS = 60;

  /** Guarded by the class. */
  private static @Nullable Path program;

  private LineProgram() {}

  /** What is missing for it; empty when it can be used. */
  static String missing() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "the line simulator needs Linux";
    }
    boolean compiler =
        Files.isExecutable(COMPILER) && Files.exists(Path.of("/usr/include/stdio.h"));
    return compiler ? "" : "the line simulator needs the Debian packages gcc and libc6-dev";
  }

  /** The program, in a folder of its own that goes with the virtual machine. */
  static synchronized Path path() throws IOException {
    if (program == null) {
      Path folder = Files.createTempDirectory("snaprail-line");
      folder.toFile().deleteOnExit();
      for (String name : SOURCES) {
        Path source = folder.resolve(name);
        try (InputStream in = LineProgram.class.getResourceAsStream(name)) {
          if (in == null) {
            throw new IOException(name + " is missing in the test kit");
          }
          Files.copy(in, source);
        }
        source.toFile().deleteOnExit();
      }
      program = compiled(folder);
    }
    return program;
  }

  private static Path compiled(Path folder) throws IOException {
    Path result = folder.resolve("snaprail-line");
    Process compiler =
        new ProcessBuilder(
                COMPILER.toString(),
                "-O2",
                "-o",
                result.toString(),
                "line.c",
                "units.c",
                "talk.c",
                "-lutil")
            .directory(folder.toFile())
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      if (!compiler.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
        compiler.destroyForcibly();
        throw new IOException("gcc does not compile the line simulator");
      }
    } catch (InterruptedException e) {
      compiler.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while gcc compiled the line simulator", e);
    }
    result.toFile().deleteOnExit();
    return result;
  }
}
