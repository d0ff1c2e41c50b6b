package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.Spool.Quarantined;
import io.snaprail.storage.internal.spool.Segment.Scan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What opening makes of a folder that is not as it was left. */
class RecoveryTest {
  private final SpoolRig rig = new SpoolRig();
  private final MemoryVolume volume = new MemoryVolume();

  /** Ids of what is on disk, and the length of its file up to the end of each. */
  private final List<Long> ids = new ArrayList<>();

  private String file;

  @BeforeEach
  void fill() throws Exception {
    Spool spool = rig.open(volume, SpoolRig.always(1 << 20));
    for (int i = 0; i < 5; i++) {
      ids.add(spool.append(Lane.ALARM, "tä/" + i, SpoolRig.payload(i, 20 + i)));
    }
    assertThat(spool.awaitDurable(Lane.ALARM, ids.get(4), Duration.ofSeconds(5))).isTrue();
    file = volume.contents().keySet().stream().filter(f -> f.endsWith(".log")).findAny().get();
    spool.acknowledge(ids.get(0));
    spool.close();
  }

  private List<Entry> reopened(MemoryVolume after) throws Exception {
    return reopened(after, SpoolRig.always(1 << 20).memoryBytes());
  }

  private List<Entry> reopened(MemoryVolume after, long memory) throws Exception {
    Spool spool = rig.open(after, SpoolRig.withMemory(SpoolRig.always(1 << 20), memory));
    List<Entry> found = SpoolRig.readAll(spool);
    assertThat(spool.stats().entries()).isEqualTo(found.size());
    assertThat(spool.stats().bytes()).isEqualTo(found.stream().mapToLong(Entry::bytes).sum());
    spool.close();
    return found;
  }

  private long scan(MemoryVolume of) throws Exception {
    Scan scan = new LaneFiles(of, Lane.ALARM).scan(ids.get(0), 0);
    return scan.live();
  }

  private MemoryVolume with(byte[] content) {
    MemoryVolume changed = volume.afterKill();
    changed.put(file, content);
    return changed;
  }

  @Test
  void everythingComesBackAsItWasAndIsMarkedReplayed() throws Exception {
    List<Entry> found = reopened(volume.afterKill());
    assertThat(found.stream().map(Entry::id)).containsExactlyElementsOf(ids.subList(1, 5));
    Entry first = found.get(0);
    assertThat(first.topic()).isEqualTo("tä/1");
    assertThat(first.payload()).isEqualTo(SpoolRig.payload(1, 21));
    assertThat(first.created()).isEqualTo(SpoolRig.NOW);
    assertThat(first.replayed()).isTrue();
  }

  /** The record that is cut goes, and nothing else. */
  @Test
  void logCutAtEveryByteKeepsTheWholeRecordsBefore() throws Exception {
    byte[] whole = volume.contents().get(file);
    List<Integer> ends = ends(whole);
    assertThat(ends).hasSize(5);
    for (int length = 0; length <= whole.length; length++) {
      int cut = length;
      MemoryVolume changed = with(Arrays.copyOf(whole, length));
      long expected = ends.stream().filter(end -> end <= cut).count();
      assertThat(scan(changed)).as("cut at " + length).isEqualTo(expected);
      // What is behind the last whole record is gone for good.
      int kept = ends.stream().filter(end -> end <= cut).reduce(0, Math::max);
      assertThat(changed.contents().get(file)).as("cut at " + length).hasSize(kept);
    }
  }

  @Test
  void zeroedTailIsCutOff() throws Exception {
    byte[] whole = volume.contents().get(file);
    for (int from = 0; from < whole.length; from++) {
      byte[] zeroed = Arrays.copyOf(Arrays.copyOf(whole, from), whole.length + 4096);
      int cut = from;
      long least = ends(whole).stream().filter(end -> end <= cut).count();
      // The last bytes of a payload may be zero anyway.
      assertThat(scan(with(zeroed))).as("zero from " + from).isBetween(least, least + 1);
    }
  }

  /** CRC32C finds every single wrong bit: a record is as it was or not there. */
  @Test
  void everyWrongBitIsSeen() throws Exception {
    byte[] whole = volume.contents().get(file);
    List<Integer> ends = ends(whole);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] wrong = whole.clone();
      wrong[bit / 8] ^= (byte) (1 << bit % 8);
      int at = bit / 8;
      long before = ends.stream().filter(end -> end <= at).count();
      assertThat(scan(with(wrong))).as("bit " + bit).isEqualTo(before);
    }
  }

  /** A block of an older file where new content should be: its sums are of another file. */
  @Test
  void recordsOfAnotherFileAreNotTaken() throws Exception {
    MemoryVolume changed = volume.afterKill();
    byte[] whole = changed.contents().get(file);
    changed.remove(file);
    changed.put("alarm-0000000000000077.log", whole);
    assertThat(reopened(changed)).isEmpty();
  }

  private static List<Integer> ends(byte[] log) {
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    while (at < log.length) {
      at += 8 + java.nio.ByteBuffer.wrap(log).getInt(at);
      ends.add(at);
    }
    return ends;
  }

  @Test
  void eitherCursorSlotIsEnoughAndWithoutBothEverythingComesAgain() throws Exception {
    byte[] cursor = volume.contents().get(Cursor.FILE);
    assertThat(cursor).hasSize(2 * Cursor.SLOT_BYTES);
    for (int slot = 0; slot < 2; slot++) {
      byte[] torn = cursor.clone();
      torn[slot * Cursor.SLOT_BYTES + 17] ^= 1;
      MemoryVolume changed = volume.afterKill();
      changed.put(Cursor.FILE, torn);
      // One of them is older: what was acknowledged since comes again, nothing is lost.
      assertThat(reopened(changed).stream().map(Entry::id)).containsAll(ids.subList(1, 5));
    }
    for (byte[] damaged : List.of(new byte[0], new byte[100], new byte[2 * Cursor.SLOT_BYTES])) {
      MemoryVolume changed = volume.afterKill();
      changed.put(Cursor.FILE, damaged);
      assertThat(reopened(changed).stream().map(Entry::id)).containsExactlyElementsOf(ids);
      Spool spool = rig.open(changed, SpoolRig.always(1 << 20));
      assertThat(spool.append(Lane.BULK, "t", new byte[1])).isGreaterThan(ids.get(4));
      spool.close();
    }
  }

  @Test
  void missingSegmentTakesNothingElseWithIt() throws Exception {
    MemoryVolume many = filled();
    List<String> logs = many.contents().keySet().stream().filter(f -> f.contains("bulk")).toList();
    assertThat(logs).hasSizeGreaterThan(5);
    long all = reopened(many.afterKill(), 65_536).size();
    for (String gone : logs) {
      MemoryVolume changed = many.afterKill();
      changed.remove(gone);
      List<Entry> found = reopened(changed, 65_536);
      assertThat(found).as(gone).hasSizeBetween((int) all - 200, (int) all - 1);
      assertThat(found.stream().map(Entry::id)).isSorted();
    }
  }

  @Test
  void damageInTheMiddleOfASegmentIsToldAndTheNextSegmentsAreRead() throws Exception {
    MemoryVolume many = filled();
    String second =
        many.contents().keySet().stream().filter(f -> f.contains("bulk")).toList().get(1);
    Spool spool = rig.open(many, SpoolRig.withMemory(SpoolRig.always(1 << 20), 65_536));
    while (!SpoolRig.opened(spool)) {
      Thread.onSpinWait();
    }
    long before = spool.stats(Lane.BULK).entries();
    byte[] wrong = many.contents().get(second);
    wrong[wrong.length / 2] ^= 4;
    // While the spool is open: at opening it had been seen already.
    many.put(second, wrong);
    List<Entry> found = SpoolRig.readAll(spool);
    assertThat((long) found.size()).isLessThan(before).isGreaterThan(before - 200);
    assertThat(spool.stats(Lane.BULK).dropped()).isEqualTo(before - found.size());
    assertThat(spool.stats(Lane.BULK).entries()).isEqualTo(found.size());
    spool.close();
  }

  /** More than ten segments in the lane bulk. */
  private MemoryVolume filled() throws Exception {
    MemoryVolume many = new MemoryVolume();
    Spool spool = rig.open(many, SpoolRig.withMemory(SpoolRig.always(1 << 20), 1 << 20));
    long last = 0;
    for (int i = 0; i < 900; i++) {
      last = spool.append(Lane.BULK, "t", SpoolRig.payload(i, 1000));
    }
    assertThat(spool.awaitDurable(Lane.BULK, last, Duration.ofSeconds(5))).isTrue();
    spool.close();
    return many;
  }

  @Test
  void foreignFilesAreLeftAlone() throws Exception {
    MemoryVolume changed = volume.afterKill();
    changed.put("alarm-zz.log", new byte[] {1});
    changed.put("notes.txt", new byte[] {1});
    changed.put("normal-0000000000000009.log", new byte[] {1, 2, 3});
    assertThat(reopened(changed)).hasSize(4);
    assertThat(changed.contents().keySet())
        .contains("alarm-zz.log", "notes.txt")
        .doesNotContain("normal-0000000000000009.log");
  }

  @Test
  void quarantineOutlivesARestartAndDamageToIt() throws Exception {
    Spool spool = rig.open(volume, SpoolRig.always(1 << 20));
    List<Entry> found = SpoolRig.readAll(spool);
    assertThat(spool.quarantine(found.get(0).id(), "too large for the broker")).isTrue();
    assertThat(spool.quarantine(found.get(1).id(), "refused ä")).isTrue();
    assertThat(spool.quarantine(12345, "unknown")).isFalse();
    spool.close();
    Spool again = rig.open(volume, SpoolRig.always(1 << 20));
    assertThat(SpoolRig.readAll(again).stream().map(Entry::id))
        .containsExactly(ids.get(3), ids.get(4));
    assertThat(again.quarantined().stream().map(Quarantined::reason))
        .containsExactly("too large for the broker", "refused ä");
    assertThat(again.quarantined().get(0).entry().payload()).isEqualTo(SpoolRig.payload(1, 21));
    assertThat(again.discard(ids.get(1))).isTrue();
    assertThat(again.discard(ids.get(1))).isFalse();
    again.close();
    byte[] saved = volume.contents().get(Quarantine.FILE);
    for (int length = 0; length < saved.length; length++) {
      MemoryVolume changed = volume.afterKill();
      changed.put(Quarantine.FILE, Arrays.copyOf(saved, length));
      assertThat(Quarantine.load(changed)).as("cut at " + length).isEmpty();
    }
    assertThat(Quarantine.load(volume)).hasSize(1);
  }

  @Test
  void filesOfALaneAreKnownByTheirFirstIdEvenWhenTheCursorIsGone() {
    MemoryVolume old = new MemoryVolume();
    old.put("normal-0000000000000100.log", new byte[0]);
    old.put("bulk-0000000000000200.log", new byte[0]);
    assertThat(Recovery.firstId(old)).isEqualTo(0x200 + LaneQueue.MAX_ID_SPAN);
  }
}
