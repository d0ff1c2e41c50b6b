package io.snaprail.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.Assume;

/** A program that nobody here wrote, run for a test. */
final class Program implements AutoCloseable {
  private final Process process;
  private final Thread reader;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private Program(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    reader = new Thread(this::read, "output of " + command.get(0));
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a program; its output is kept. */
  static Program start(Object... command) throws IOException {
    return new Program(words(command));
  }

  /** Runs a program to its end and returns what it printed; it must succeed. */
  static String run(Object... command) throws IOException, InterruptedException {
    try (Program program = new Program(words(command))) {
      if (!program.process.waitFor(60, TimeUnit.SECONDS) || program.process.exitValue() != 0) {
        throw new IOException(words(command) + " failed: " + program.lines);
      }
      // The program is over; what it said may still be on its way.
      program.reader.join(TimeUnit.SECONDS.toMillis(20));
      return String.join("\n", program.lines);
    }
  }

  private static List<String> words(Object... command) {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    return words;
  }

  /**
   * A test that needs a program which is not there is skipped, and says which Debian package has
   * it; in CI it fails.
   */
  static void require(Path program, String debianPackage) {
    if (!Files.isExecutable(program)) {
      missing(program + " is missing: install the Debian package " + debianPackage);
    }
  }

  /** The same for a module of Debian's python3. */
  static void requirePython(String module, String debianPackage)
      throws IOException, InterruptedException {
    require(Path.of("/usr/bin/python3"), "python3");
    Process check = new ProcessBuilder("/usr/bin/python3", "-c", "import " + module).start();
    if (!check.waitFor(30, TimeUnit.SECONDS) || check.exitValue() != 0) {
      missing("python3 has no " + module + ": install the Debian package " + debianPackage);
    }
  }

  private static void missing(String message) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    System.out.println("SKIPPED: " + message);
    Assume.assumeTrue(message, false);
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("(output ended: " + e + ")");
    }
  }

  List<String> lines() {
    return lines;
  }

  /** The first line that contains a text; null when there is none yet. */
  String line(String part) {
    return lines.stream().filter(l -> l.contains(part)).findFirst().orElse(null);
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
