package io.snaprail.deploy.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.deploy.SupportBundles.SupportFile;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.deploy.internal.Wildcards;
import io.snaprail.deploy.internal.fetch.Fetcher;
import io.snaprail.deploy.internal.fetch.HttpsAccess;
import io.snaprail.deploy.testing.TestServices;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

class SupportCollectorTest {
  @TempDir Path folder;
  private final TestServices services = new TestServices();
  private SupportCollector collector;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(folder.resolve("config/maps"));
    Files.createDirectories(folder.resolve("data/logs"));
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> new Bundle[0]);
    collector =
        new SupportCollector(
            context,
            new SupportCollector.Places(
                folder.resolve("data"), folder.resolve("config"), "1.2.3-test"),
            services,
            new HttpsAccess(new Wildcards(List.of("*.example.com")), () -> null),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private SupportFile collect(String id) throws Exception {
    return collector.collect(id, "").toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Map<String, String> entries(SupportFile file) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(Files.newInputStream(folder.resolve("data").resolve(file.file())))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        all.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return all;
  }

  private void config(String name, String text) throws IOException {
    Files.writeString(folder.resolve("config").resolve(name), text);
  }

  private void log(String text) throws IOException {
    Files.writeString(folder.resolve("data/logs/snaprail.log"), text);
  }

  @Test
  void whatPeopleNeedIsInIt() throws Exception {
    config("io.snaprail.x.json", "{\"period.ms\": 250, \"host\": \"10.0.0.7\"}");
    config("maps/pump.csv", "name,address\nspeed,hr1\n");
    log("2026-01-01 INFO started\n");
    try (OutputStream out =
        new GZIPOutputStream(
            Files.newOutputStream(folder.resolve("data/logs/snaprail.1.log.gz")))) {
      out.write("an older line\n".getBytes(StandardCharsets.UTF_8));
    }
    services.with(ProblemBoard.class, board());
    services.with(MetricSource.class, to -> to.gauge("snaprail_x", "", 7, "device", "a"));
    SupportFile file = collect("job-1");
    Map<String, String> entries = entries(file);
    assertThat(entries.get("summary.txt")).contains("Snaprail: 1.2.3-test", "java.version");
    assertThat(entries.get("problems.txt")).contains("device a", "does not answer");
    assertThat(entries.get("metrics.txt")).contains("snaprail_x{device=\"a\"} 7.0");
    assertThat(entries.get("threads.txt")).contains("snaprail-support");
    assertThat(entries.get("config/io.snaprail.x.json")).contains("250", "10.0.0.7");
    assertThat(entries.get("config/maps/pump.csv")).contains("speed,hr1");
    assertThat(entries.get("logs/snaprail.log")).contains("INFO started");
    assertThat(entries.get("logs/snaprail.1.log")).contains("an older line");
    Path path = folder.resolve("data").resolve(file.file());
    assertThat(file.bytes()).isEqualTo(Files.size(path));
    assertThat(file.sha256()).isEqualTo(Fetcher.sha256(path));
    assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
  }

  private static ProblemBoard board() {
    return new ProblemBoard() {
      @Override
      public void report(String source, List<Problem> problems) {
        throw new UnsupportedOperationException();
      }

      @Override
      public List<Entry> problems() {
        return List.of(
            new Entry(
                "x",
                new Problem(
                    Problem.Severity.ERROR,
                    "device a",
                    "does not answer; tried https://u:CANARY-9@host/a?sig=CANARY-10"),
                Instant.EPOCH));
      }
    };
  }

  // facts, "Secrets": a canary secret is found nowhere.
  @Test
  void noSecretIsInIt() throws Exception {
    config(
        "a.json",
        """
        {"password":"CANARY-1","proxy.password":"CANARY-2","nested":{"api-key":["CANARY-3"]},
         "pin":1234567,"note":"-----BEGIN EC PRIVATE KEY-----\\nCANARY-4\\n-----END EC PRIVATE KEY-----",
         "url":"https://bucket.s3.amazonaws.com/a?X-Amz-Signature=CANARY-5","allow":["x/*"]}
        """);
    config("broken.json", "{ \"password\": \"CANARY-6\", ");
    config("maps/m.csv", "name,address\n# mqtt://user:CANARY-7@broker/\n");
    log(
        """
        Authorization: Bearer CANARY-8-abcdefgh
        -----BEGIN PRIVATE KEY-----
        CANARY-11
        -----END PRIVATE KEY-----
        password=CANARY-12; secret: 'CANARY-13' token is CANARY-14
        """);
    Files.createDirectories(folder.resolve("data/secrets"));
    Files.writeString(folder.resolve("data/secrets/master.key"), "CANARY-15");
    Files.createDirectories(folder.resolve("data/certificates/identities"));
    Files.writeString(folder.resolve("data/certificates/identities/a.p12"), "CANARY-16");
    Files.writeString(folder.resolve("data/claim-token"), "CANARY-17");
    services.with(ProblemBoard.class, board());
    Map<String, String> entries = entries(collect("job-1"));
    assertThat(entries).hasSizeGreaterThan(7);
    entries.forEach((name, text) -> assertThat(text).as(name).doesNotContain("CANARY", "1234567"));
    assertThat(entries.get("config/a.json")).contains("x/*", "bucket.s3.amazonaws.com/a?");
  }

  @Test
  void onlyTheEndOfALongLogIsInIt() throws Exception {
    StringBuilder text = new StringBuilder("the first line\n");
    while (text.length() < 6 << 20) {
      text.append("x".repeat(120)).append('\n');
    }
    log(text.append("the last line\n").toString());
    String kept = entries(collect("job-1")).get("logs/snaprail.log");
    assertThat(kept).hasSizeLessThanOrEqualTo(5 << 20).endsWith("the last line\n");
    assertThat(kept).startsWith("x").doesNotContain("the first line");
  }

  @Test
  void sameIdGivesTheSameArchiveAndOldOnesGo() throws Exception {
    SupportFile first = collect("job-1");
    log("more\n");
    assertThat(collect("job-1")).isEqualTo(first);
    for (int i = 2; i <= 5; i++) {
      collect("job-" + i);
    }
    try (Stream<Path> files = Files.list(folder.resolve("data/support"))) {
      assertThat(files).hasSize(3).noneMatch(file -> file.endsWith(first.file()));
    }
  }

  @Test
  void addressThatIsNotAllowedIsRefusedAtOnce() {
    assertThatThrownBy(() -> collector.collect("a", "https://evil.org/x?sig=CANARY"))
        .hasMessageContaining("'evil.org' is not allowed")
        .message()
        .doesNotContain("CANARY");
    assertThatThrownBy(() -> collector.collect("a", "http://a.example.com/"))
        .hasMessageContaining("expected an address such as https://");
    assertThatThrownBy(() -> collector.collect("../a", "")).hasMessageContaining("id: expected");
  }
}
