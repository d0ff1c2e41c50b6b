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
    "/devices, PAGE",
    "/device, PAGE",
    "/device/x, FOREIGN",
    "/buses, PAGE",
    "/setup, PAGE",
    "/maps, PAGE",
    "/login, PUBLIC",
    "/ext/a/b, PAGE",
    "/ext, FOREIGN",
    "/extra, FOREIGN",
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

  /** Only what takes register maps, points or calls of extensions takes more than 64 KiB. */
  @ParameterizedTest
  @CsvSource({
    "API, /api/v1/tokens, 65536",
    "API, /api/v1/points/a/b, 65536",
    "API, /api/v1/maps/check, 4194304",
    "API, /api/v1/devices/a/configuration, 1048576",
    "API, /api/v1/drivers/a/test, 1048576",
    "API, /api/v1/ext/a/b, 262144",
    "PUBLIC, /api/v1/maps/check, 65536"
  })
  void bodiesAreLimitedByPath(Zone zone, String path, long bytes) {
    assertThat(zone.maxBodyBytes(path, false)).isEqualTo(bytes);
  }
}
