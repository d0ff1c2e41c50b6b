package io.snaprail.console.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesTest {
  @Test
  void valuesCannotBecomeMarkup() {
    String page =
        Templates.render(
            "error.html",
            Map.of("status", "400", "message", "<script>\"'&$1\\</script>", "assets", "/a/"));

    assertThat(page)
        .contains("&lt;script&gt;&quot;&#39;&amp;$1\\&lt;/script&gt;")
        .doesNotContain("<script>")
        .doesNotContain("{{");
  }

  @Test
  void aMissingValueIsAMistake() {
    assertThatThrownBy(() -> Templates.render("error.html", Map.of("status", "400")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** After logging in nobody is led to another site. */
  @ParameterizedTest
  @CsvSource({
    "/tokens, /tokens",
    "/system/console/configMgr?a=b, /system/console/configMgr?a=b",
    "//evil.example, /points",
    "https://evil.example, /points",
    "/\\evil.example, /points",
    "'/a\tb', /points",
    "'', /points",
    "points, /points"
  })
  void leadsToOwnPathsOnly(String next, String expected) {
    assertThat(AccessForms.safeTarget(next)).isEqualTo(expected);
  }

  @Test
  void assetsAreFoundByTheirHashedAddressOnly() {
    assertThat(Assets.find(Assets.root() + "app.css")).isPresent();
    assertThat(Assets.find("/snaprail/0000000000000000/app.css")).isEmpty();
    assertThat(Assets.find(Assets.root() + "../page.html")).isEmpty();
    assertThat(Assets.find(Assets.root() + "page.html")).isEmpty();
  }
}
