package io.snaprail.localiot.internal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.console.ConsoleAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class TestClientTest {
  private final TestClient client = new TestClient(Clock.systemUTC(), () -> {});

  private JsonObject after(long number) {
    ConsoleAnswer.Ready answer = (ConsoleAnswer.Ready) client.after(number);
    return JsonParser.parseString(new String(answer.body(), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  @Test
  void theOldestGoFirstAndAreCounted() {
    for (int i = 0; i < 700; i++) {
      client.message("t/" + i, new byte[10], 0, false);
    }

    JsonObject first = after(0);

    assertThat(first.get("dropped").getAsLong()).isEqualTo(200);
    assertThat(first.getAsJsonArray("messages")).hasSize(100);
    assertThat(first.getAsJsonArray("messages").get(0).getAsJsonObject().get("topic").getAsString())
        .isEqualTo("t/200");
  }

  @Test
  void largeMessagesCountByTheirBytes() {
    for (int i = 0; i < 40; i++) {
      client.message("t", new byte[128 * 1024], 1, false);
    }

    assertThat(after(0).get("dropped").getAsLong()).isBetween(24L, 26L);
  }

  @Test
  void nothingIsLostBetweenTwoAnswers() {
    for (int i = 0; i < 250; i++) {
      client.message("t/" + i, new byte[0], 0, false);
    }
    long last = 0;
    int seen = 0;
    while (client.hasMore(last)) {
      JsonObject answer = after(last);
      seen += answer.getAsJsonArray("messages").size();
      last = answer.get("last").getAsLong();
    }

    assertThat(seen).isEqualTo(250);
  }

  /** Whoever has been disconnected sees what came before. */
  @Test
  void theEndIsToldBehindTheLastMessage() {
    for (int i = 0; i < 150; i++) {
      client.message("t", new byte[0], 0, false);
    }
    client.ended("taken over");

    assertThat(after(0).get("ended").getAsString()).isEmpty();
    assertThat(after(100).get("ended").getAsString()).isEqualTo("taken over");
  }
}
