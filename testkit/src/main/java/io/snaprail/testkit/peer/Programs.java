package io.snaprail.testkit.peer;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs of the machine that tests need. */
public final class Programs {
  private static final int LONGEST_S = 60;

  /** Where servers are, which is not on everybody's path. */
  private static final List<String> FURTHER = List.of("/usr/sbin", "/sbin");

  private Programs() {}

  /**
   * Where a program is. Without it the test is skipped, in JUnit 4 and 5 alike; where the
   * environment has {@code CI=true} it fails.
   */
  public static Path require(String program, String debianPackage) {
    String path = System.getenv().getOrDefault("PATH", "");
    Optional<Path> found =
        Stream.concat(Arrays.stream(path.split(":")), FURTHER.stream())
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String message = program + " is missing: install the Debian package " + debianPackage;
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      assumeThat(found).as(message).isPresent();
    }
    return found.orElseThrow();
  }

  /**
   * What a program that has ended has said.
   *
   * @param code 0 when all was well
   * @param output with its errors
   */
  public record Result(int code, String output) {}

  /** Runs a program to its end, for at most a minute. */
  public static Result run(String... command) {
    return run(null, command);
  }

  /** Runs a program in a folder. */
  public static Result run(@Nullable Path folder, String... command) {
    try {
      Path output = Files.createTempFile("snaprail-output", ".txt");
      try {
        int code = code(folder, output, command);
        return new Result(code, new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int code(@Nullable Path folder, Path output, String... command)
      throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder == null ? null : folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
        throw new IllegalStateException(String.join(" ", command) + " does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(String.join(" ", command) + " was waited for", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs a program that has to succeed; returns what it says. */
  public static String succeed(String... command) {
    return succeed(null, command);
  }

  /** Runs a program in a folder that has to succeed. */
  public static String succeed(@Nullable Path folder, String... command) {
    Result result = run(folder, command);
    if (result.code() != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " ended with " + result.code() + ": " + result.output());
    }
    return result.output();
  }

  /** Starts a program; its errors come with its output. */
  public static Process start(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
