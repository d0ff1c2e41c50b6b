package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A Modbus server that lies, behind the whole gateway: no wrong sample comes out, the lane goes on.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LyingServerIT {
  @Inject private BundleContext context;

  @org.ops4j.pax.exam.Configuration
  public Option[] distribution() throws Exception {
    return FrameworkOptions.distribution("liar", Image.RUN);
  }

  /** Every register tells its own address, so a value that belongs to another one is found out. */
  private static int truth(int address) {
    return 1000 + address;
  }

  private static final int POINTS = 10;

  private static Behaviour lie(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> Behaviour.transactionOffBy(1);
      case 1 -> Behaviour.transactionOffBy(-1);
      case 2 -> Behaviour.wrongUnit();
      case 3 -> Behaviour.shortAnswer();
      case 4 -> Behaviour.longAnswer();
      case 5 -> Behaviour.otherFunction();
      case 6 -> Behaviour.exception(2);
      case 7 -> Behaviour.silence();
      case 8 -> Behaviour.late(Duration.ofMillis(80));
      case 9 -> Behaviour.exceptionThenAnswer(11, Duration.ofMillis(20));
      case 10 -> Behaviour.wrongProtocol();
      default -> Behaviour.closed();
    };
  }

  @Test
  public void noWrongSampleComesOutAndTheLaneGoesOn() throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start()) {
      for (int address = 0; address < POINTS; address++) {
        server.unit(1).set(Area.HOLDING, address, truth(address));
      }
      Random random = new Random(42);
      AtomicInteger lies = new AtomicInteger();
      server.decide(
          request -> {
            if (random.nextBoolean()) {
              return Behaviour.honest();
            }
            lies.incrementAndGet();
            return lie(random);
          });
      Queue<String> wrong = new ConcurrentLinkedQueue<>();
      AtomicInteger good = new AtomicInteger();
      ServiceRegistration<?> listener =
          context.registerService(SampleListener.class, batch -> check(batch, wrong, good), null);
      configure(server.port());

      await().atMost(Duration.ofSeconds(60)).until(() -> lies.get() >= 150 && good.get() >= 500);
      server.honest();
      int soFar = good.get();
      await().atMost(Duration.ofSeconds(60)).until(() -> good.get() >= soFar + 50);
      listener.unregister();
      assertThat(wrong).isEmpty();
    }
  }

  private static void check(SampleBatch batch, Queue<String> wrong, AtomicInteger good) {
    if (!batch.device().equals("liar")) {
      return;
    }
    for (Sample sample : batch.samples()) {
      if (sample.quality() == Quality.GOOD) {
        int address = Integer.parseInt(sample.point().substring(1));
        good.incrementAndGet();
        if (!new Value.Int(truth(address)).equals(sample.value())) {
          wrong.add(batch.sequence() + " " + sample);
        }
      }
    }
  }

  private void configure(int port) throws Exception {
    StringBuilder map = new StringBuilder("name,address,type\n");
    for (int address = 0; address < POINTS; address++) {
      map.append("p%d,holding:%d,uint16\n".formatted(address, address));
    }
    Path config = Path.of(context.getProperty("snaprail.config"));
    Files.writeString(config.resolve("maps/liar.csv"), map);
    Files.writeString(
        config.resolve("io.snaprail.driver.modbus.tcp~liar.json"),
        """
        { "host": "127.0.0.1", "port": %d, "map": "liar.csv", "period.ms": 20,
          "timeout.ms": 50, "backoff.min.ms": 10, "backoff.max.ms": 20 }
        """
            .formatted(port));
  }
}
