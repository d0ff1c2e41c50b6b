package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.driver.iec62056.internal.BadReadoutException;
import io.snaprail.driver.iec62056.internal.DataSet;
import io.snaprail.driver.iec62056.internal.Identification;
import io.snaprail.driver.iec62056.internal.Readout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever a meter answers: data sets, or the declared exception, in bounded memory. */
class Iec62056FuzzTest {

  /** The data behind a request; the first byte tells of which mode. */
  @FuzzTest
  void block(byte[] input) {
    if (input.length > 0) {
      take(Readout.block(input[0] % 2 == 0), input, 1);
    }
  }

  /** What comes by itself. */
  @FuzzTest
  void telegram(byte[] input) {
    take(Readout.telegram(), input, 0);
  }

  @FuzzTest
  void identification(byte[] input) {
    try {
      String line = new String(input, StandardCharsets.ISO_8859_1);
      assertThat(Identification.of(line).manufacturer()).hasSize(3);
    } catch (BadReadoutException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void take(Readout readout, byte[] input, int from) {
    try {
      for (int i = from; i < input.length; i++) {
        List<DataSet> sets = readout.take((char) (input[i] & 0xff));
        if (sets != null) {
          assertThat(sets.size()).isLessThanOrEqualTo(input.length / 2);
          assertThat(sets).allMatch(set -> !set.values().isEmpty());
          return;
        }
      }
    } catch (BadReadoutException e) {
      assertThat(e.getMessage()).contains("expected");
    }
  }
}
