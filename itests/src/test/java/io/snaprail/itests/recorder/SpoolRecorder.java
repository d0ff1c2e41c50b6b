package io.snaprail.itests.recorder;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.SpoolFactory;
import io.snaprail.api.uplink.SpoolSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * A bundle beside the gateway's own, which stands between uplinks and their spools and writes down
 * what a spool was given and what it promised, a line a time, so that it is known when the process
 * is killed. It changes nothing of what goes through it.
 *
 * <ul>
 *   <li>{@code I key crc}: is about to be appended
 *   <li>{@code P id lane key}: the spool took it; id -1 when it did not
 *   <li>{@code D lane id}: the spool says that all up to the id is durable
 *   <li>{@code A id nanos}: the broker has acknowledged it, at that time of System.nanoTime
 * </ul>
 */
public final class SpoolRecorder implements BundleActivator {
  /** Names the file that is written. */
  public static final String FILE = "snaprail.test.record";

  private static final String MARK = "recorder";
  private static final Pattern KEY =
      Pattern.compile("\"device\":\"([^\"]*)\",\"boot\":\"([^\"]*)\",\"seq\":(\\d+)");

  private final ScheduledExecutorService asking = Executors.newScheduledThreadPool(1);
  private FileChannel file;

  @Override
  public void start(BundleContext context) throws IOException, InvalidSyntaxException {
    file =
        FileChannel.open(
            Path.of(System.getProperty(FILE)),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            StandardOpenOption.WRITE);
    Collection<ServiceReference<SpoolFactory>> found =
        context.getServiceReferences(SpoolFactory.class, "(!(" + MARK + "=*))");
    SpoolFactory factory = context.getService(found.iterator().next());
    context.registerService(
        SpoolFactory.class,
        (name, settings) -> open(factory, name, settings),
        FrameworkUtil.asDictionary(Map.of("service.ranking", 1000, MARK, true)));
  }

  @Override
  public void stop(BundleContext context) throws IOException {
    asking.shutdownNow();
    file.close();
  }

  private Spool open(SpoolFactory factory, String name, SpoolSettings settings) {
    Recorded spool = new Recorded(factory.open(name, settings));
    asking.scheduleWithFixedDelay(spool::ask, 5, 5, TimeUnit.MILLISECONDS);
    return spool;
  }

  /** Device, boot and sequence of a message: what names it for good. */
  public static String key(String payload) {
    Matcher matcher = KEY.matcher(payload);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no device, boot and sequence in " + payload);
    }
    return matcher.group(1) + "/" + matcher.group(2) + "/" + matcher.group(3);
  }

  /** Of a whole message. */
  public static long crc(byte[] payload) {
    CRC32 crc = new CRC32();
    crc.update(payload);
    return crc.getValue();
  }

  private void write(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      synchronized (this) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Recorded implements Spool {
    private final Spool spool;
    private final Map<Lane, Long> told = new EnumMap<>(Lane.class);

    Recorded(Spool spool) {
      this.spool = spool;
    }

    void ask() {
      for (Lane lane : Lane.values()) {
        long durable = spool.durable(lane);
        Long before = told.put(lane, durable);
        if (before == null || before != durable) {
          write("D " + lane + " " + durable);
        }
      }
    }

    @Override
    public long append(Lane lane, String topic, byte[] payload) {
      String key = key(new String(payload, StandardCharsets.UTF_8));
      write("I " + key + " " + crc(payload));
      long id = spool.append(lane, topic, payload);
      write("P " + id + " " + lane + " " + key);
      return id;
    }

    @Override
    public void acknowledge(long id) {
      write("A " + id + " " + System.nanoTime());
      spool.acknowledge(id);
    }

    @Override
    public Entry next(List<Lane> lanes, Duration timeout) throws InterruptedException {
      return spool.next(lanes, timeout);
    }

    @Override
    public void rewind() {
      spool.rewind();
    }

    @Override
    public void reachable(boolean reachable) {
      spool.reachable(reachable);
    }

    @Override
    public boolean quarantine(long id, String reason) {
      return spool.quarantine(id, reason);
    }

    @Override
    public List<Quarantined> quarantined() {
      return spool.quarantined();
    }

    @Override
    public boolean discard(long id) {
      return spool.discard(id);
    }

    @Override
    public long durable(Lane lane) {
      return spool.durable(lane);
    }

    @Override
    public boolean awaitDurable(Lane lane, long id, Duration timeout) throws InterruptedException {
      return spool.awaitDurable(lane, id, timeout);
    }

    @Override
    public Stats stats() {
      return spool.stats();
    }

    @Override
    public Stats stats(Lane lane) {
      return spool.stats(lane);
    }

    @Override
    public void close() {
      spool.close();
    }
  }
}
