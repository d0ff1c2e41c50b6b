package io.snaprail.storage.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names(String pid) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve(pid))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theLastTenVersionsAreKeptAndTheNewestComesFirst() throws Exception {
    History history = new History(folder, NOON);
    for (int i = 1; i <= 12; i++) {
      assertThat(history.keep("p", bytes("v" + i))).isEqualTo(i > 1);
    }
    assertThat(names("p"))
        .hasSize(10)
        .startsWith("00000003-20260102T120000Z.json")
        .endsWith("00000012-20260102T120000Z.json");
    assertThat(history.newest("p", content -> true)).isEqualTo(bytes("v12"));
    assertThat(history.newest("p", content -> content.length == 2)).isEqualTo(bytes("v9"));
  }

  @Test
  void theSameTextIsKeptOnceAndAfterARestartToo() throws Exception {
    new History(folder, NOON).keep("p", bytes("v"));
    assertThat(new History(folder, NOON).keep("p", bytes("v"))).isFalse();
    assertThat(names("p")).hasSize(1);
  }

  @Test
  void thereIsNothingForAnUnknownPid() throws Exception {
    assertThat(new History(folder, NOON).newest("q", content -> true)).isNull();
  }

  @Test
  void aRejectedTextIsSetAsideAndNeverTakenForAGoodOne() throws Exception {
    History history = new History(folder, NOON);
    history.keepRejected("p", bytes("bad"));
    assertThat(names("p")).containsExactly("rejected.json");
    assertThat(history.newest("p", content -> true)).isNull();
  }
}
