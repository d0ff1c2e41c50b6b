package io.snaprail.benchmarks.localiot;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A publisher and a subscriber of one topic. */
final class Pair implements AutoCloseable {
  /** As AWS: unacknowledged messages of a connection. */
  private static final int WINDOW = 100;

  private static final int STEP_MS = 2;

  private final Connection publisher;
  private final Connection subscriber;
  private final Connection.Template template;
  private final Semaphore window = new Semaphore(WINDOW);
  private volatile boolean failed;
  private int packetId;

  Pair(SSLContext tls, int port, int number, int bytes) throws IOException {
    String topic = "bench/" + number;
    subscriber = new Connection(tls, port, "sub" + number);
    subscriber.subscribe(topic);
    publisher = new Connection(tls, port, "pub" + number);
    template = Connection.Template.of(topic, bytes);
  }

  /** Sends so many messages; returns when all were received, with whether they were. */
  boolean run(int count, double rate) throws InterruptedException {
    Thread receiving = start("receiver", () -> subscriber.receive(count));
    Thread acknowledging =
        start(
            "acknowledgements",
            () -> {
              for (int i = 0; i < count; i++) {
                publisher.readAcknowledgement();
                window.release();
              }
            });
    Thread sending = start("sender", () -> send(count, rate));
    sending.join();
    acknowledging.join();
    receiving.join();
    return !failed;
  }

  private void send(int count, double rate) throws IOException, InterruptedException {
    double owed = 0;
    long next = System.nanoTime();
    byte[] batch = new byte[template.packet().length * WINDOW];
    for (int sent = 0; sent < count; ) {
      owed += rate * STEP_MS / 1000;
      int length = 0;
      while (owed >= 1 && sent < count && length < batch.length) {
        if (length > 0 ? !window.tryAcquire() : !window.tryAcquire(20, TimeUnit.SECONDS)) {
          break;
        }
        System.arraycopy(template.packet(), 0, batch, length, template.packet().length);
        packetId = packetId % 60_000 + 1;
        batch[length + template.offset()] = (byte) (packetId >> 8);
        batch[length + template.offset() + 1] = (byte) packetId;
        length += template.packet().length;
        owed--;
        sent++;
      }
      publisher.write(batch, length);
      next += TimeUnit.MILLISECONDS.toNanos(STEP_MS);
      long wait = next - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    }
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private Thread start(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException | InterruptedException e) {
                System.err.println(name + ": " + e);
                failed = true;
              }
            },
            "snaprail-benchmark-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() throws IOException {
    publisher.close();
    subscriber.close();
  }
}
