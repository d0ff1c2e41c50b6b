package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Jobs from the cloud to a gateway of production's settings: an OEM's signed driver is installed,
 * updated, rolled back and removed, also through kill -9; what is not signed is rejected; a support
 * bundle is uploaded; a certificate is rotated.
 */
public class DeployJobIT {
  private static final String JOBS = "/api/v1/ext/localiot/jobs";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Map<String, byte[]> served = new ConcurrentHashMap<>();
  private final Map<String, byte[]> uploaded = new ConcurrentHashMap<>();
  private DemoProcess demo;
  private ConsoleApi console;
  private OemBundle oem;
  private HttpsServer server;
  private Path folder;

  @Before
  public void start() throws Exception {
    Files.createDirectories(Image.WORK);
    folder = Files.createTempDirectory(Image.WORK, "oem");
    oem = new OemBundle(folder).keys();
    serve();
    demo = new DemoProcess("deploy");
    configure(
        "io.snaprail.awsiot~cloud",
        """
        {"endpoint":"localhost","port":%d,"thing":"snaprail-demo","identity":"demo",
         "roots":"localiot","jobs.allow":["install-bundle","update-bundle","remove-bundle",
         "rollback-bundle","support-bundle","apply-configuration","rotate-certificate"]}
        """
            .formatted(demo.brokerPort));
    configure(
        "io.snaprail.deploy",
        """
        {"allow":["com.example.*"],"hosts":["localhost"],"hosts.roots":"deploy","trial.s":3}
        """);
    configure("com.example.meter~m1", "{\"points\":[\"energy,1,int32\"],\"period.ms\":200}");
    demo.start();
    demo.awaitLine("First value:");
    console = ConsoleApi.claim(demo);
    console.call("POST", "/api/v1/roots/deploy", object("pem", oem.rootPem()));
  }

  @After
  public void stop() {
    if (demo != null) {
      demo.close();
    }
    if (server != null) {
      server.stop(0);
    }
  }

  private void configure(String pid, String settings) throws Exception {
    Files.writeString(demo.config.resolve(pid + ".json"), settings);
  }

  private void serve() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(new ByteArrayInputStream(Files.readAllBytes(oem.store())), oem.pass());
    // The server shows one identity only.
    for (String alias : List.of("root", "oem")) {
      keys.deleteEntry(alias);
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, oem.pass());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress("localhost", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (exchange.getRequestMethod().equals("PUT")) {
            uploaded.put(path, exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
          } else {
            byte[] body = served.get(path);
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
              exchange.getResponseBody().write(body);
            }
          }
          exchange.close();
        });
    server.start();
  }

  private String url(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  private static JsonObject object(String... pairs) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < pairs.length; i += 2) {
      object.addProperty(pairs[i], pairs[i + 1]);
    }
    return object;
  }

  private JsonObject bundle(String operation, Path jar) throws Exception {
    String path = "/" + jar.getFileName();
    byte[] bytes = Files.readAllBytes(jar);
    served.put(path, bytes);
    byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
    return object(
        "operation", operation, "url", url(path), "sha256", HexFormat.of().formatHex(digest));
  }

  private void create(String id, JsonObject document) throws Exception {
    console.call(
        "POST", JOBS, object("id", id, "thing", "snaprail-demo", "document", document.toString()));
  }

  private JsonObject execution(String id) throws Exception {
    return console.read(JOBS + "/" + id).getAsJsonArray("executions").get(0).getAsJsonObject();
  }

  /** Makes a job and waits for its end. */
  private JsonObject job(String id, JsonObject document, String expected) throws Exception {
    create(id, document);
    await().atMost(SOON).until(() -> !List.of("QUEUED", "IN_PROGRESS").contains(status(id)));
    JsonObject execution = execution(id);
    assertThat(execution.get("status").getAsString()).as("%s", execution).isEqualTo(expected);
    return execution.getAsJsonObject("details");
  }

  private String status(String id) throws Exception {
    return execution(id).get("status").getAsString();
  }

  private String energy() throws Exception {
    JsonArray points = console.read("/api/v1/points").getAsJsonArray("points");
    return StreamSupport.stream(points.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(point -> point.get("device").getAsString().equals("m1"))
        .map(point -> String.valueOf(point.get("value")))
        .findFirst()
        .orElse("");
  }

  private void awaitEnergy(String value) {
    await().atMost(SOON).until(this::energy, value::equals);
  }

  @Test
  public void driversComeAndGoByJobs() throws Exception {
    JsonObject details =
        job("install-1", bundle("install-bundle", oem.signed("1.0.0", 1)), "SUCCEEDED");
    assertThat(details.get("symbolicName").getAsString()).isEqualTo(OemBundle.NAME);
    awaitEnergy("1");
    job("update-2", bundle("update-bundle", oem.signed("2.0.0", 2)), "SUCCEEDED");
    awaitEnergy("2");
    details = job("update-3", bundle("update-bundle", oem.signed("3.0.0", -1)), "FAILED");
    assertThat(details.get("reason").getAsString()).contains("version 2.0.0 is in force again");
    awaitEnergy("2");
    details = job("update-4", bundle("update-bundle", oem.version("4.0.0", 4)), "REJECTED");
    assertThat(details.get("reason").getAsString()).contains("not signed");
    JsonObject other = bundle("update-bundle", oem.signed("5.0.0", 5));
    other.addProperty("url", "https://elsewhere.example.org/x.jar");
    details = job("update-5", other, "REJECTED");
    assertThat(details.get("reason").getAsString()).contains("not allowed");
    JsonObject name = object("symbolicName", OemBundle.NAME);
    name.addProperty("operation", "rollback-bundle");
    job("back-6", name, "SUCCEEDED");
    awaitEnergy("1");
    supportBundleIsUploadedWithoutSecrets();
    certificateIsRotated();
    name.addProperty("operation", "remove-bundle");
    job("remove-7", name, "SUCCEEDED");
    await().atMost(SOON).until(() -> energy().isEmpty());
  }

  private void supportBundleIsUploadedWithoutSecrets() throws Exception {
    configure("io.example.canary", "{\"password\":\"CANARY\"}");
    JsonObject document = object("operation", "support-bundle", "uploadUrl", url("/up?sig=CANARY"));
    JsonObject details = job("support-1", document, "SUCCEEDED");
    byte[] zip = uploaded.get("/up");
    assertThat(zip.length).isEqualTo(details.get("bytes").getAsInt());
    assertThat(Arrays.equals(zip, Files.readAllBytes(demo.data.resolve(text(details, "file")))))
        .isTrue();
    Map<String, String> entries = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), new String(in.readAllBytes(), "UTF-8"));
      }
    }
    assertThat(entries)
        .containsKeys("config/io.example.canary.json", "logs/snaprail.log", "threads.txt");
    assertThat(entries.get("bundles.txt")).contains("com.example.meter 1.0.0");
    assertThat(entries.get("metrics.txt")).contains("snaprail_");
    String claim = demo.claimToken();
    String hash = "argon";
    entries.forEach(
        (entry, text) ->
            assertThat(text)
                .as(entry)
                .doesNotContain("CANARY", "PRIVATE KEY", "correct horse battery", claim)
                .doesNotContainIgnoringCase(hash));
  }

  private static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }

  private void certificateIsRotated() throws Exception {
    console.call(
        "POST",
        "/api/v1/ext/localiot/policies",
        object(
            "name",
            "everything",
            "document",
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}]}"));
    JsonObject document = object("operation", "rotate-certificate", "identity", "nobody");
    assertThat(text(job("rotate-1", document, "FAILED"), "reason")).contains("nobody");
  }

  @Test
  public void updateThatIsKilledEndsAfterTheRestart() throws Exception {
    job("install-1", bundle("install-bundle", oem.signed("1.0.0", 1)), "SUCCEEDED");
    create("update-2", bundle("update-bundle", oem.signed("2.0.0", 2)));
    // While the new version is tried.
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                Files.readString(demo.data.resolve("deploy/deploy.json")).contains("\"pending\""));
    demo.process().destroyForcibly().waitFor();
    demo.start();
    await()
        .atMost(SOON)
        .until(
            () ->
                demo.lines().stream()
                    .anyMatch(line -> line.contains("order 'job:cloud:update-2#")));
    String list = Files.readString(demo.data.resolve("deploy/deploy.json"));
    assertThat(list).contains("\"current\":{\"version\":\"2.0.0\"").doesNotContain("pending");
    await()
        .atMost(SOON)
        .until(
            () ->
                Image.read(demo.data.resolve("audit/audit.jsonl"))
                    .lines()
                    .anyMatch(
                        line ->
                            line.contains("\"update-2\"")
                                && line.contains("\"ok\"")
                                && line.contains("update-bundle")));
  }
}
