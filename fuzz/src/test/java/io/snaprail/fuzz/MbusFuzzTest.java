package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import io.snaprail.driver.mbus.internal.link.Frame;
import io.snaprail.driver.mbus.internal.record.DataRecord;
import io.snaprail.driver.mbus.internal.record.RecordAddress;
import io.snaprail.driver.mbus.internal.record.Telegram;
import java.util.Arrays;

/**
 * Whatever a meter on an M-Bus sends: a telegram, or the declared exception; never more than its
 * bytes can hold, and each record under an address that finds it.
 */
class MbusFuzzTest {

  /** Bytes as they come on the line. */
  @FuzzTest
  void frame(byte[] input) {
    try {
      int length = input.length == 0 ? 1 : Frame.length(input, input.length);
      assertThat(length).isBetween(1, Frame.LONGEST);
      if (input.length >= length && Frame.parse(input, length) instanceof Frame.Data data) {
        decode(data);
      }
    } catch (BrokenFrameException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** What lies behind the checksum: the first byte is the CI field. */
  @FuzzTest
  void telegram(byte[] input) {
    if (input.length == 0 || input.length > Frame.LONGEST) {
      return;
    }
    try {
      decode(
          new Frame.Data(
              8, 1, 0x72 + (input[0] & 0x0f), Arrays.copyOfRange(input, 1, input.length)));
    } catch (BrokenFrameException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void decode(Frame.Data data) throws BrokenFrameException {
    Telegram telegram = Telegram.of(data, 0);
    assertThat(telegram.records().size()).isLessThanOrEqualTo(data.data().length / 2);
    for (DataRecord record : telegram.records()) {
      assertThat(record.text()).hasSizeLessThan(600);
      assertThat(RecordAddress.parse(record.address()).fits()).accepts(record);
      assertThat(RecordAddress.parse("record:" + record.number()).fits()).accepts(record);
    }
  }
}
