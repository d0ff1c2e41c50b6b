package io.snaprail.localiot.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
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

  private final AtomicLong now = new AtomicLong();

  private ShadowTopics topics() {
    return topics(0);
  }

  private ShadowTopics topics(int perSecond) {
    Outbox outbox =
        new Outbox() {
          @Override
          public void publish(String topic, byte[] payload) {
            published.add(topic + " " + new String(payload, StandardCharsets.UTF_8));
          }

          @Override
          public void answer(String clientId, String topic, byte[] payload) {
            throw new AssertionError("shadows answer everyone");
          }
        };
    return new ShadowTopics(
        new Shadows(folder, thing -> true, Clock.systemUTC(), fault -> {}),
        work::add,
        outbox,
        new RequestGate(
            new RequestGate.Limits(
                Quotas.SHADOW_REQUESTS_TOTAL, Quotas.SHADOW_REQUESTS_IN_FLIGHT, perSecond),
            now::get));
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
    "$aws/things/t/shadow/name/s/get,      true",
    "$aws/things/t/shadow/name/a:b_c-1/delete, true",
    "$aws/things/t/shadow/name/s,          false",
    "$aws/things/t/shadow/name//get,       false",
    "$aws/things/t/shadow/name/a.b/get,    false",
    "$aws/things/t/shadow/name/s/t/get,    false",
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

  // Facts: 20 requests/s per thing.
  @Test
  void rejectsTheTwentyFirstRequestOfAThingInASecond() {
    ShadowTopics topics = topics(Quotas.SHADOW_REQUESTS_PER_SECOND);
    for (int i = 0; i < Quotas.SHADOW_REQUESTS_PER_SECOND; i++) {
      topics.request("client", PREFIX + "get", new byte[0]);
      work.remove().run();
    }
    published.clear();

    topics.request("client", PREFIX + "update", update());

    assertThat(published).singleElement().asString().contains("update/rejected", "429");
    published.clear();
    topics.request("client", "$aws/things/other/shadow/get", new byte[0]);
    assertThat(published).isEmpty();
    now.set(1_000_000_000L);
    topics.request("client", PREFIX + "update", update());
    assertThat(published).isEmpty();
  }

  @Test
  void namedAndClassicShadowsAreApart() {
    ShadowTopics topics = topics();
    topics.request("client", PREFIX + "update", update());
    topics.request("client", PREFIX + "name/thing/update", update());
    topics.request("client", PREFIX + "name/thing/get", new byte[0]);
    work.forEach(Runnable::run);

    assertThat(published.get(1)).startsWith(PREFIX + "update/accepted {");
    assertThat(published.get(3)).startsWith(PREFIX + "name/thing/update/accepted {");
    assertThat(published.get(4)).startsWith(PREFIX + "name/thing/get/accepted {");
    assertThat(published.get(4)).contains("\"version\":1");
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
