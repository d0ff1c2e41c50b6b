package io.snaprail.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkplugComponentTest {
  private static final String PID = SparkplugComponent.PID + "~scada";

  @TempDir Path folder;

  private String problem(Map<String, Object> more) {
    Map<String, Object> settings =
        new HashMap<>(Map.of("host", "127.0.0.1", "port", 1, "tls", false));
    settings.putAll(Map.of("group", "plant", "node", "gw"));
    settings.putAll(more);
    try (World world = new World(folder)) {
      world.start("scada", settings);
      return world.problem(PID);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "group, '', group: expected",
    "node, a/b, node: expected",
    "node, a+, node: expected",
    "node, {{x}}, node: expected",
    "primary_host, a#, primary.host: expected",
    "host, '', host: expected",
    "identity, demo, tls: expected true beside",
    "proxy, nowhere, proxy: expected host:port",
    "user, a:b, ''",
  })
  void wrongSettingsAreNamed(String key, String value, String words) {
    assertThat(problem(Map.of(key, value))).startsWith(words);
  }

  @Test
  void numbersAndListsAreCheckedToo() {
    assertThat(problem(Map.of("commands_max_age_s", -1)))
        .startsWith("commands.max.age.s: expected");
    assertThat(problem(Map.of("commands_write", new String[] {"/x"})))
        .startsWith("commands.write: expected");
    assertThat(problem(Map.of("gzip", true))).startsWith("gzip: expected false");
    assertThat(problem(Map.of("keep_alive_s", 1))).startsWith("keep.alive.s: expected 5..1200");
  }

  @Test
  void nameComesFromThePid() {
    assertThat(SparkplugComponent.name("io.snaprail.sparkplug~a")).isEqualTo("a");
    assertThat(SparkplugComponent.name("io.snaprail.sparkplug.4711")).isEqualTo("4711");
  }
}
