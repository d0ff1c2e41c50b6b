package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class QuarantineTest extends SpoolFixture {
  @Test
  void aFullQuarantineTakesNoMore() throws Exception {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i <= Quarantine.MAX_ENTRIES; i++) {
      ids.add(append(Lane.NORMAL, 10));
    }
    readAll();
    for (int i = 0; i < Quarantine.MAX_ENTRIES; i++) {
      assertThat(spool.quarantine(ids.get(i), "x".repeat(10_000))).isTrue();
    }
    assertThat(spool.quarantine(ids.get(Quarantine.MAX_ENTRIES), "x")).isFalse();
    assertThat(spool.stats().entries()).isEqualTo(1);
    assertThat(spool.quarantined().get(0).reason()).hasSize(500);
  }

  @Test
  void whatIsInItOutlivesAPowerCut() throws Exception {
    reopen(SpoolRig.always(CAPACITY));
    long first = append(Lane.ALARM, 10);
    assertThat(spool.awaitDurable(Lane.ALARM, first, Duration.ofSeconds(5))).isTrue();
    spool.acknowledge(first);
    List<Long> refused = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      append(Lane.NORMAL, 1000);
      refused.add(next().id());
      assertThat(spool.quarantine(refused.get(i), "refused")).isTrue();
    }
    spool.discard(refused.remove(1));
    // Orderly: all is on disk, and the cursor says that the lane needs none of it.
    spool.close();
    for (int seed = 0; seed < 20; seed++) {
      Spool after = rig.open(volume.afterPowerCut(seed), SpoolRig.always(CAPACITY));
      assertThat(SpoolRig.readAll(after)).as("seed " + seed).isEmpty();
      assertThat(after.quarantined().stream().map(each -> each.entry().id()))
          .as("seed " + seed)
          .containsExactlyElementsOf(refused);
      after.close();
    }
  }
}
