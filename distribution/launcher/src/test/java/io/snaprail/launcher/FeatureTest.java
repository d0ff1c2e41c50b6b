package io.snaprail.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureTest {
  @TempDir private Path folder;

  private Path file(String json) throws Exception {
    return Files.writeString(folder.resolve("f.json"), json);
  }

  @Test
  void readsBundlesAndFrameworkProperties() throws Exception {
    Feature feature =
        Feature.read(
            file(
                """
                { "id": "g:f:1", "bundles": [ { "id": "g:a:1.0", "start-order": 5 } ],
                  "extensions": { "framework-launching-properties": { "json": { "k": "v" } } } }
                """));
    assertThat(feature.bundles()).containsExactly(new Feature.Entry("g:a:1.0", 5));
    assertThat(feature.bundles().get(0).fileName()).isEqualTo("a-1.0.jar");
    assertThat(feature.properties()).isEqualTo(Map.of("k", "v"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{ \"bundles\": {} }",
        "{ \"bundles\": [ \"g:a:1\" ] }",
        "{ \"bundles\": [ { \"id\": \"g:a\" } ] }",
        "{ \"bundles\": [ { \"id\": \"g:a:1\", \"start-order\": \"x\" } ] }",
        "{ \"extensions\": { \"framework-launching-properties\": { \"json\": { \"k\": {} } } } }",
        "{ \"configurations\": {} }",
      })
  void namesTheFileThatIsNoFeature(String json) throws Exception {
    Path file = file(json);
    assertThatThrownBy(() -> Feature.read(file))
        .isInstanceOf(LaunchException.class)
        .hasMessageStartingWith(file + ": ");
  }
}
