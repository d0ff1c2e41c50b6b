package io.snaprail.mqtt.internal.telemetry;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What an uplink has done since the gateway started; outlives its reconfigurations. */
public final class Counters {
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder quarantined = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private volatile @Nullable Instant lastAcknowledged;

  void acknowledge(Instant when) {
    acknowledged.increment();
    lastAcknowledged = when;
  }

  void reject() {
    rejected.increment();
  }

  /** A message that can never be sent has gone into quarantine, or was dropped. */
  void refuse(boolean kept) {
    reject();
    (kept ? quarantined : lost).increment();
  }

  /** Messages that were put into quarantine. */
  public long quarantined() {
    return quarantined.sum();
  }

  /** Messages that can never be sent and were dropped, as the quarantine was full. */
  public long lost() {
    return lost.sum();
  }

  /** Messages that the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged.sum();
  }

  /** Batches that could not be encoded or addressed. */
  public long rejected() {
    return rejected.sum();
  }

  /** When the broker last acknowledged a message. */
  public @Nullable Instant lastAcknowledged() {
    return lastAcknowledged;
  }
}
