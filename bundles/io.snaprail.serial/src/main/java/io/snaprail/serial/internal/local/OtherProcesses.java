package io.snaprail.serial.internal.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds who else has a device open, as far as the gateway's account may see, by {@code /proc}. */
final class OtherProcesses {
  private OtherProcesses() {}

  /** Such as {@code minicom (process 4711)}; several where several have it open. */
  static Optional<String> holding(Path device) {
    long self = ProcessHandle.current().pid();
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String pid = String.valueOf(process.getFileName());
        if (!pid.equals(Long.toString(self)) && hasOpen(process, device)) {
          found.add(name(process) + " (process " + pid + ")");
        }
      }
    } catch (IOException | DirectoryIteratorException noProc) {
      return Optional.empty();
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", found));
  }

  private static boolean hasOpen(Path process, Path device) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(device)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException endedOrNotOurs) {
      return false;
    }
    return false;
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException ended) {
      return "a program";
    }
  }
}
