package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class InsideClientTest {
  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();

  private InsideClient open(BrokerFixture fixture, String clientId) {
    BrokerContext context =
        new BrokerContext(
            fixture.broker,
            fixture.registry,
            new Arns("local", "123456789012"),
            List.of(),
            new Rules(false, 5),
            stranger -> {},
            new LimitedLog(LoggerFactory.getLogger("test")));
    return InsideClient.free(
        context,
        clientId,
        Runnable::run,
        new InsideClient.Listener() {
          @Override
          public void message(String topic, byte[] payload, int qos, boolean retained) {
            told.add(topic + " " + new String(payload, StandardCharsets.UTF_8));
          }

          @Override
          public void ended(String reason) {
            told.add("ended: " + reason);
          }
        });
  }

  @Test
  void clientWithoutCertificateStaysWhenCertificatesAreSwitchedOff() throws Exception {
    try (BrokerFixture fixture = new BrokerFixture(folder, new Rules(false, 5))) {
      InsideClient client = open(fixture, "inside");
      assertThat(client.subscribe("a/b", 1)).isEmpty();
      fixture.broker.endUnless(certificate -> false);
      assertThat(client.publish("a/b", new byte[] {'x'}, 1, false)).isEmpty();
      assertThat(told).containsExactly("a/b x");
    }
  }

  @Test
  void nothingIsTakenOfAClientThatIsDisconnected() throws Exception {
    try (BrokerFixture fixture = new BrokerFixture(folder, new Rules(false, 5))) {
      InsideClient client = open(fixture, "inside");
      InsideClient newcomer = open(fixture, "inside");
      newcomer.subscribe("a/b", 1);
      assertThat(told).containsExactly("ended: another connection has taken its client id");
      assertThat(client.publish("a/b", new byte[] {'x'}, 1, false))
          .contains("the client is disconnected");
      assertThat(client.subscribe("a/b", 1)).contains("the client is disconnected");
      assertThat(told).hasSize(1);
    }
  }
}
