package io.snaprail.certificates.internal.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The cipher suites that TLS may use, all of RFC 9325, the fastest on this machine first.
 *
 * <p>Without the CPU's instructions for AES, a kilobyte of AES-GCM costs four times as much as one
 * of ChaCha20-Poly1305. Java uses these instructions only in what its second compiler makes, which
 * the gateway does without to save memory (docs/adr/0012-cipher-order.md).
 */
public final class CipherSuites {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  private static final List<String> AES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

  private static final List<String> CHACHA =
      List.of(
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final List<String> HERE =
      aesIsFast(
              System.getProperty("java.vm.name", ""),
              System.getProperty("java.vm.info", ""),
              cpu(CPU))
          ? join(AES, CHACHA)
          : join(CHACHA, AES);

  private CipherSuites() {}

  /** Those that are allowed, best first. */
  public static List<String> allowed() {
    return HERE;
  }

  /**
   * Whether AES runs on the CPU's own instructions.
   *
   * @param name of the virtual machine
   * @param info its mode: {@code emulated-client} means that its second compiler is off
   * @param cpu what the kernel says of the CPU, or nothing where it says nothing
   */
  static boolean aesIsFast(String name, String info, String cpu) {
    boolean compiled =
        name.contains("Server") && !info.contains("emulated-client") && info.contains("mixed");
    // "flags" on x86, "Features" on ARM; nobody knows of other systems, which are no gateways.
    boolean instructions =
        cpu.isEmpty()
            || Arrays.asList(cpu.toLowerCase(Locale.ROOT).split("[\\s:]+", -1)).contains("aes");
    return compiled && instructions;
  }

  private static String cpu(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException notLinux) {
      return "";
    }
  }

  private static List<String> join(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
