package io.snaprail.core.internal.poller;

import io.snaprail.api.model.SampleBatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What comes of one device. */
final class Recorder implements PolledDevice.Events {
  final List<SampleBatch> batches = new CopyOnWriteArrayList<>();
  final List<String> states = new CopyOnWriteArrayList<>();

  @Override
  public void batch(int group, SampleBatch batch) {
    batches.add(batch);
  }

  @Override
  public void state(boolean online, String message) {
    states.add(online ? "online" : "away: " + message);
  }

  SampleBatch last() {
    return batches.get(batches.size() - 1);
  }
}
