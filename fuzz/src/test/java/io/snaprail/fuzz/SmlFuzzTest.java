package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.driver.sml.internal.BadFileException;
import io.snaprail.driver.sml.internal.Entry;
import io.snaprail.driver.sml.internal.Obis;
import io.snaprail.driver.sml.internal.SmlFile;
import io.snaprail.driver.sml.internal.Transport;

/** Whatever comes from an optical head: a file, or the declared exception, in bounded memory. */
class SmlFuzzTest {

  /** Bytes as they come on the line. */
  @FuzzTest
  void line(byte[] input) {
    Transport transport = new Transport();
    for (byte each : input) {
      byte[] file = transport.take(each);
      if (file != null) {
        assertThat(file.length).isLessThan(Transport.LONGEST);
        file(file);
      }
    }
    assertThat(transport.fault().isEmpty()).isEqualTo(transport.bad() == 0);
  }

  /** What lies behind the checksum. */
  @FuzzTest
  void file(byte[] input) {
    try {
      SmlFile file = SmlFile.of(input);
      assertThat(file.entries().size()).isLessThanOrEqualTo(input.length / 6);
      for (Entry entry : file.entries()) {
        assertThat(entry.text()).hasSizeLessThan(2 * input.length + 60);
        assertThat(Obis.parse(entry.name().toString()).fits(entry.name())).isTrue();
      }
    } catch (BadFileException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
