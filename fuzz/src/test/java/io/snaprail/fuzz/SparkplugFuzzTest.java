package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.PointFilter;
import io.snaprail.sparkplug.internal.BirthDeathSequence;
import io.snaprail.sparkplug.internal.CommandParts;
import io.snaprail.sparkplug.internal.EdgeNode;
import io.snaprail.sparkplug.internal.Names;
import io.snaprail.sparkplug.internal.Node;
import io.snaprail.sparkplug.internal.PrimaryHost;
import io.snaprail.sparkplug.internal.wire.Payload;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Whatever a host or a stranger publishes: nothing is thrown, and only what is allowed is written.
 */
class SparkplugFuzzTest {
  private static final String COMMAND = "spBv1.0/g/DCMD/n/boiler";
  private static final List<String> TOPICS =
      List.of(COMMAND, "spBv1.0/g/NCMD/n", "spBv1.0/STATE/scada", "spBv1.0/g/DCMD/n/", "x");

  private final PrimaryHost host =
      new PrimaryHost(
          "scada",
          System::nanoTime,
          new PrimaryHost.Ear() {
            @Override
            public void gone() {}

            @Override
            public void problem(String words) {}
          });

  private final CommandGate gate =
      command -> {
        assertThat(command.device() + "/" + command.point()).isEqualTo("boiler/setpoint");
        return CompletableFuture.completedFuture(
            new CommandOutcome(command.id(), CommandOutcome.Status.DONE, ""));
      };

  private final Node node =
      new Node(
          "fuzz",
          new EdgeNode.Parts(
              new Names("g", "n"),
              () -> null,
              PointFilter.parse("devices", List.of()),
              PointFilter.parse("commands.write", List.of("boiler/setpoint")),
              host,
              new BirthDeathSequence(Path.of("target", "bdseq")),
              Clock.systemUTC(),
              System::nanoTime),
          new CommandParts(() -> gate, () -> null, Duration.ZERO));

  /** Messages of a connection. */
  @FuzzTest
  void messages(FuzzedDataProvider data) {
    while (data.remainingBytes() > 0) {
      String topic = data.pickValue(TOPICS);
      node.message(topic, data.consumeBytes(data.consumeInt(0, 400)));
    }
  }

  /** What is read is what would be written again. */
  @FuzzTest
  void payload(byte[] bytes) {
    Payload read;
    try {
      read = Payload.read(bytes);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(Payload.read(read.toBytes()).metrics()).hasSameSizeAs(read.metrics());
  }
}
