package io.snaprail.certificates.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CipherSuitesTest {
  private static final String PC = "flags\t\t: fpu vme aes avx\n";
  private static final String PI_5 = "Features\t: fp asimd aes pmull sha2\n";
  private static final String PI_4 = "Features\t: fp asimd evtstrm crc32 cpuid\n";

  @ParameterizedTest
  @CsvSource({
    "OpenJDK 64-Bit Server VM, 'mixed mode, sharing', pc, true",
    "OpenJDK 64-Bit Server VM, 'mixed mode, sharing', pi5, true",
    "OpenJDK 64-Bit Server VM, 'mixed mode, sharing', pi4, false",
    "OpenJDK 64-Bit Server VM, 'mixed mode, sharing', unknown, true",
    "OpenJDK 64-Bit Server VM, 'mixed mode, emulated-client, sharing', pc, false",
    "OpenJDK 64-Bit Server VM, 'interpreted mode, sharing', pc, false",
    "OpenJDK Client VM, 'mixed mode', pc, false",
  })
  void aesIsFastWhereCompilerAndCpuKnowIt(String name, String info, String cpu, boolean fast) {
    String text =
        switch (cpu) {
          case "pc" -> PC;
          case "pi5" -> PI_5;
          case "pi4" -> PI_4;
          default -> "";
        };
    assertThat(CipherSuites.aesIsFast(name, info, text)).isEqualTo(fast);
  }

  /** RFC 9325, section 4.2: the order changes nothing of what is allowed; each is known here. */
  @Test
  void allAreKnownToTheJdk() throws Exception {
    List<String> supported =
        List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
    assertThat(CipherSuites.allowed()).hasSize(9).doesNotHaveDuplicates();
    assertThat(supported).containsAll(CipherSuites.allowed());
  }
}
