package io.snaprail.mqtt.internal.paho;

import io.snaprail.mqtt.internal.link.Link.Receipt;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out that a broker has read what was sent with QoS 0, which it never acknowledges. It reads
 * what comes on one connection in order, so that its answer to anything that is sent later says so;
 * what is sent here for the sake of the answer is an UNSUBSCRIBE from nothing (MQTT 3.1.1, 3.10.4:
 * it must be answered). Without it, "sent" means that the bytes lie in a buffer of this machine,
 * and all in it is lost with the line. Any thread may send.
 */
final class Fence {
  /** What nobody subscribes to. */
  static final String NOTHING = "snaprail/fence";

  private List<Receipt> open = new ArrayList<>();
  private List<Receipt> covered = List.of();

  /** A message has been handed to the line. */
  synchronized void sent(Receipt receipt) {
    open.add(receipt);
  }

  /** Whether an answer is to be asked for now; if so everything that was sent is covered by it. */
  synchronized boolean raise() {
    if (open.isEmpty() || !covered.isEmpty()) {
      return false;
    }
    covered = open;
    open = new ArrayList<>();
    return true;
  }

  /** The answer has come. */
  void passed() {
    List<Receipt> through;
    synchronized (this) {
      through = covered;
      covered = List.of();
    }
    through.forEach(receipt -> receipt.done(null));
  }
}
