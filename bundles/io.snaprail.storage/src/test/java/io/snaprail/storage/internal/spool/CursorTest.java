package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool.Lane;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CursorTest {
  private final MemoryVolume volume = new MemoryVolume();

  private static Cursor.State state(long low) {
    return new Cursor.State(1000 + low, Map.of(Lane.ALARM, low, Lane.NORMAL, low, Lane.BULK, low));
  }

  private long read(MemoryVolume of) throws Exception {
    return Cursor.peek(of).low(Lane.NORMAL);
  }

  /** Torn at every byte: what was flushed before is there, or what was being written. */
  @Test
  void aTornWriteNeverTakesWhatWasFlushed() throws Exception {
    Cursor cursor = Cursor.open(volume);
    for (int low = 1; low <= 4; low++) {
      byte[] before = volume.contents().get(Cursor.FILE);
      cursor.write(state(low));
      byte[] after = volume.contents().get(Cursor.FILE);
      for (int cut = 0; cut < before.length; cut++) {
        byte[] torn = Arrays.copyOf(after, after.length);
        System.arraycopy(before, cut, torn, cut, before.length - cut);
        MemoryVolume then = volume.afterKill();
        then.put(Cursor.FILE, torn);
        assertThat(read(then)).as("write " + low + " cut at " + cut).isIn(low - 1L, (long) low);
      }
      cursor.flush();
    }
    assertThat(read(volume)).isEqualTo(4);
  }

  @Test
  void whatIsWrittenOutlivesTheProcessAndWhatIsFlushedAPowerCut() throws Exception {
    Cursor cursor = Cursor.open(volume);
    cursor.write(state(1));
    cursor.flush();
    cursor.write(state(2));
    cursor.write(state(3));
    assertThat(read(volume.afterKill())).isEqualTo(3);
    for (int seed = 0; seed < 20; seed++) {
      assertThat(read(volume.afterPowerCut(seed))).isBetween(1L, 3L);
    }
    Cursor again = Cursor.open(volume);
    assertThat(again.state()).isEqualTo(state(3));
    again.write(state(4));
    assertThat(read(volume.afterPowerCut(1))).isBetween(3L, 4L);
  }
}
