package io.snaprail.serial.internal.local;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which of the libraries in jSerialComm's jar are for this machine, by the folders of that jar.
 *
 * @param folder folder of the operating system
 * @param architectures folders in it; several where only loading shows which one fits
 * @param file name of the library
 */
record NativePlatform(String folder, List<String> architectures, String file) {

  /** The platform by the system properties {@code os.name} and {@code os.arch}. */
  static Optional<NativePlatform> of(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String arch = osArch.toLowerCase(Locale.ROOT);
    if (os.contains("nux")) {
      return platform("Linux", linux(arch), "libjSerialComm.so");
    }
    if (os.contains("mac")) {
      return platform("OSX", common(arch, "x86_64", "aarch64"), "libjSerialComm.jnilib");
    }
    if (os.contains("win")) {
      return platform("Windows", common(arch, "x86_64", "aarch64"), "jSerialComm.dll");
    }
    if (os.contains("freebsd")) {
      return platform("FreeBSD", common(arch, "x86_64", "arm64"), "libjSerialComm.so");
    }
    return Optional.empty();
  }

  private static Optional<NativePlatform> platform(
      String folder, List<String> architectures, String file) {
    return architectures.isEmpty()
        ? Optional.empty()
        : Optional.of(new NativePlatform(folder, architectures, file));
  }

  private static List<String> linux(String arch) {
    return switch (arch) {
      case "aarch64" -> List.of("armv8_64");
      case "ppc64le" -> List.of("ppc64le");
      // Whether floating point is in hardware does not show in os.arch.
      case "arm" -> List.of("armv5", "armv6hf", "armv7hf", "armv8_32");
      default -> common(arch, "x86_64", "");
    };
  }

  private static List<String> common(String arch, String intel64, String arm64) {
    return switch (arch) {
      case "amd64", "x86_64" -> List.of(intel64);
      case "x86", "i386", "i486", "i586", "i686" -> List.of("x86");
      case "aarch64", "arm64" -> arm64.isEmpty() ? List.of() : List.of(arm64);
      default -> List.of();
    };
  }

  /** Paths of the libraries, in the jar and in our folder alike. */
  List<String> paths() {
    return architectures.stream().map(arch -> folder + "/" + arch + "/" + file).toList();
  }
}
