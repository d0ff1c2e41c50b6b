package io.snaprail.localiot.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The topics of the shadow service, and what bounds its queue. */
class ShadowTopicsTest {
  private static final String PREFIX = "$aws/things/thing/shadow/";

  @TempDir private Path folder;
  private final Queue<Runnable> work = new ArrayDeque<>();
  private final List<String> published = new ArrayList<>();

  private ShadowTopics topics() {
    ShadowTopics.Store store =
        new ShadowTopics.Store(folder, thing -> true, Clock.systemUTC(), fault -> {});
    return new ShadowTopics(
        store,
        work::add,
        (topic, payload) ->
            published.add(topic + " " + new String(payload, StandardCharsets.UTF_8)));
  }

  private static byte[] update() {
    return "{\"state\":{\"reported\":{\"a\":1}}}".getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "$aws/things/t/shadow/get,             true",
    "$aws/things/a:b_c-1/shadow/update,    true",
    "$aws/things/t/shadow/delete,          true",
    "$aws/things/t/shadow/update/accepted, false",
    "$aws/things/t/shadow/list,            false",
    "$aws/things/a.b/shadow/get,           false",
    "$aws/things/../shadow/get,            false",
    "$aws/things/t/jobs/get,               false",
    "x/$aws/things/t/shadow/get,           false",
  })
  void servesItsRequestsOnly(String topic, boolean served) {
    assertThat(topics().serves(topic)).isEqualTo(served);
  }

  @Test
  void answersOnTheTopicsOfTheShadow() {
    ShadowTopics topics = topics();
    topics.request("client", PREFIX + "update", update());
    assertThat(published).isEmpty();

    work.remove().run();

    assertThat(published).hasSize(2);
    assertThat(published.get(0)).startsWith(PREFIX + "update/documents {");
    assertThat(published.get(1)).startsWith(PREFIX + "update/accepted {");
  }

  // Facts: 10 requests in flight, then 429.
  @Test
  void rejectsTheEleventhRequestInFlightOfAThing() {
    ShadowTopics topics = topics();
    for (int i = 0; i < Quotas.SHADOW_REQUESTS_IN_FLIGHT; i++) {
      topics.request("client", PREFIX + "update", update());
    }
    assertThat(published).isEmpty();

    topics.request("client", PREFIX + "update", update());

    assertThat(published).singleElement().asString().contains("update/rejected", "429");
    work.remove().run();
    published.clear();
    topics.request("client", PREFIX + "update", update());
    assertThat(published).isEmpty();
    topics.request("client", "$aws/things/other/shadow/get", new byte[0]);
    assertThat(published).isEmpty();
  }

  @Test
  void boundsTheRequestsOfAllThingsTogether() {
    ShadowTopics topics = topics();
    for (int i = 0; i < Quotas.SHADOW_REQUESTS_TOTAL; i++) {
      topics.request("client", "$aws/things/t" + i + "/shadow/get", new byte[0]);
    }
    assertThat(published).isEmpty();
    topics.request("client", "$aws/things/more/shadow/get", new byte[0]);
    assertThat(published).singleElement().asString().contains("429");
    assertThat(work).hasSize(Quotas.SHADOW_REQUESTS_TOTAL);
  }
}
