package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.testkit.peer.Programs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that nobody here wrote. */
class MosquittoTest extends BrokerSuite {
  @Test
  void mosquittoPublishesToMosquitto() throws Exception {
    Programs.require("mosquitto_sub", "mosquitto-clients");
    Process subscriber =
        Programs.start(mosquitto("mosquitto_sub", "full", "sub", "m/#", "-C", "3", "-W", "10"));
    await().pollInterval(Duration.ofMillis(20)).until(fixture.broker::hasSubscriptions);
    for (String message : List.of("one", "two", "three")) {
      Programs.succeed(mosquitto("mosquitto_pub", "full", "pub", "m/x", "-m", message));
    }

    String received =
        new String(subscriber.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(received).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void mosquittoIsToldThatItIsNotAuthorised() {
    Programs.require("mosquitto_pub", "mosquitto-clients");

    Programs.Result refused =
        Programs.run(mosquitto("mosquitto_pub", "limited", "other", "a/b", "-m", "x"));

    assertThat(refused.code()).isNotZero();
    assertThat(refused.output()).containsIgnoringCase("not authorised");
  }

  private static String[] mosquitto(
      String program, String identity, String clientId, String topic, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(fixture.server.port()),
                "-V",
                "311",
                "-q",
                "1",
                "-i",
                clientId,
                "-t",
                topic,
                "--cafile",
                fixture.pki.rootsFile("ca").toString(),
                "--cert",
                fixture.pki.certificateFile(identity).toString(),
                "--key",
                fixture.pki.keyFile(identity).toString()));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }
}
