package io.snaprail.mqtt.support;

import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Link;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is published until the test acknowledges it. */
public class FakeLink implements Link {
  public final List<String> topics = new ArrayList<>();
  public final List<Integer> qualities = new ArrayList<>();
  public final List<byte[]> payloads = new ArrayList<>();
  public final List<Receipt> receipts = new ArrayList<>();
  public volatile Fault lost;

  @Override
  public void publish(String topic, byte[] payload, int qos, boolean retained, Receipt receipt) {
    if (topic.equals("poison")) {
      throw new IllegalArgumentException("on purpose");
    }
    topics.add(topic);
    qualities.add(qos);
    payloads.add(payload);
    receipts.add(receipt);
  }

  @Override
  public void subscribe(List<String> filters, SubscribeReceipt receipt) {}

  @Override
  public void unsubscribe(List<String> filters) {}

  @Override
  public void flush() {}

  @Override
  public boolean resumed() {
    return false;
  }

  @Override
  public Fault lost() {
    return lost;
  }

  @Override
  public void close(boolean orderly) {}
}
