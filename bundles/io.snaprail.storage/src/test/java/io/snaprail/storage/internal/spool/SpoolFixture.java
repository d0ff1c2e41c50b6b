package io.snaprail.storage.internal.spool;

import static org.awaitility.Awaitility.await;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A spool on a disk in memory. */
abstract class SpoolFixture {
  static final long CAPACITY = 65_536;

  final SpoolRig rig = new SpoolRig();
  final MemoryVolume volume = new MemoryVolume();
  Spool spool = rig.open(volume, SpoolRig.memory(CAPACITY));

  @AfterEach
  void close() {
    spool.close();
  }

  void reopen(SpoolSettings settings) {
    spool.close();
    spool = rig.open(volume, settings);
  }

  long append(Lane lane, int size) {
    return spool.append(lane, "t", new byte[size - 1]);
  }

  List<Long> readAll() throws InterruptedException {
    return SpoolRig.readAll(spool).stream().map(Entry::id).toList();
  }

  @Nullable Entry next() throws InterruptedException {
    // Opening goes on beside us.
    if (!SpoolRig.opened(spool)) {
      await().until(() -> SpoolRig.opened(spool));
    }
    return spool.next(Duration.ZERO);
  }
}
