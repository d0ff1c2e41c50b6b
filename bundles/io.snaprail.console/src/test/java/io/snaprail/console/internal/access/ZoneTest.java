package io.snaprail.console.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneTest {
  /** What is not known to be ours is for administrators only. */
  @ParameterizedTest
  @CsvSource({
    "/, PAGE",
    "/points, PAGE",
    "/points/, FOREIGN",
    "/login, PUBLIC",
    "/login/x, FOREIGN",
    "/claim, PUBLIC",
    "/snaprail/abc/app.css, PUBLIC",
    "/api/v1/points, API",
    "/api, API",
    "/apix, FOREIGN",
    "/metrics, API",
    "/metrics/x, FOREIGN",
    "/system/console, FOREIGN",
    "/system/console/bundles, FOREIGN",
    "/system/console/res/lib/support.js, FOREIGN",
    "/anything, FOREIGN",
    "'', FOREIGN"
  })
  void tellsZonesApart(String path, Zone zone) {
    assertThat(Zone.of(path)).isEqualTo(zone);
  }
}
