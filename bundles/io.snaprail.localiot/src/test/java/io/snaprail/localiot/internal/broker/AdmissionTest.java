package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.testing.RawClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CONNECT by policies with variables, and the other code for refusals. */
class AdmissionTest {
  private static final String CONNECT_AS =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect",
       "Resource":"arn:aws:iot:local:123456789012:client/%s"}]}\
      """;

  @TempDir private static Path folder;
  private static BrokerFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = new BrokerFixture(folder, new Rules(false, 7));
    fixture.register("thing", CONNECT_AS.formatted("${iot:Connection.Thing.ThingName}"));
    fixture.register("common", CONNECT_AS.formatted("${iot:Certificate.Subject.CommonName}-*"));
    fixture.register("client", CONNECT_AS.formatted("${iot:ClientId}"));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "thing,  thing,        0", // attached to the thing that the client id names
    "thing,  full,         7", // a thing, but the certificate is not attached to it
    "thing,  thin,         7",
    "common, common-1,     0",
    "common, common,       7",
    "common, other-1,      7",
    "client, anything,     0",
    "client, any+thing,    7", // values with + are not substituted
  })
  void resolvesVariables(String identity, String clientId, int code) throws Exception {
    try (RawClient client = fixture.dial(identity)) {
      assertThat(client.connect(clientId, true, 60)).isEqualTo(code);
    }
  }

  // Facts: CONNACK code documented as 7, many clients expect 5: switchable.
  @Test
  void answersWithTheConfiguredCode() throws Exception {
    try (RawClient client = fixture.dial("unknown")) {
      client.send(0x10, RawClient.connectBody("any", 2, 60));
      assertThat(client.read().hex()).isEqualTo("0007");
    }
  }
}
