package io.snaprail.mqtt.internal.paho;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one Paho client: daemons, named like ours, and ended with the connection. Left to
 * itself Paho makes user threads and nobody sees whether they end.
 */
final class ClientThreads {
  private static final Logger LOG = LoggerFactory.getLogger(ClientThreads.class);
  // Receiver, sender, callback, and the one that connects and later pings; one in reserve.
  private static final int THREADS = 5;

  private final String prefix;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final ScheduledThreadPoolExecutor executor;

  ClientThreads(String name) {
    prefix = "snaprail-mqtt-" + name + "-";
    executor = new ScheduledThreadPoolExecutor(THREADS, this::thread);
    executor.setRemoveOnCancelPolicy(true);
  }

  ScheduledThreadPoolExecutor executor() {
    return executor;
  }

  /** Gives the threads their names back after Paho has renamed them. */
  void rename() {
    for (Thread thread : threads) {
      String name = thread.getName();
      if (name.startsWith("MQTT Rec")) {
        thread.setName(prefix + "receive");
      } else if (name.startsWith("MQTT Snd")) {
        thread.setName(prefix + "send");
      } else if (name.startsWith("MQTT Call")) {
        thread.setName(prefix + "callback");
      } else if (name.startsWith("MQTT")) {
        thread.setName(prefix + "client");
      }
    }
  }

  /** Ends them. The sockets must be closed already. */
  void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.warn("a thread of the MQTT client {} does not end", prefix);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, prefix + "client");
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }
}
