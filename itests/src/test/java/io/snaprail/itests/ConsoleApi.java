package io.snaprail.itests;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The console's HTTP API as its administrator uses it, after claiming the gateway. */
final class ConsoleApi {
  private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]*)\"");
  private static final Pattern PAGE_TOKEN = Pattern.compile("csrf\" content=\"([^\"]*)\"");

  private final String base;
  private final HttpClient client;
  private final String token;

  private ConsoleApi(String base, String claim) throws Exception {
    this.base = base;
    this.client =
        HttpClient.newBuilder()
            .sslContext(AnyServer.context())
            .cookieHandler(new CookieManager())
            // JDK 17 forgets the timer of a request that it redirects: when it ends, 20 s later, it
            // closes the connection under whatever goes over it then.
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    claim(claim);
    this.token = find(PAGE_TOKEN, get("/points"));
  }

  /** Claims a gateway. */
  static ConsoleApi claim(DemoProcess gateway) throws Exception {
    return new ConsoleApi(gateway.url(), gateway.claimToken());
  }

  private void claim(String claim) throws IOException, InterruptedException {
    String csrf = find(FORM_TOKEN, get("/claim"));
    Map<String, String> fields =
        Map.of(
            "_csrf",
            csrf,
            "next",
            "/",
            "token",
            claim,
            "name",
            "admin",
            "password",
            Chromium.PASSWORD,
            "repeat",
            Chromium.PASSWORD);
    String form =
        fields.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    send(
        request("/claim")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  /** Sends a request that must succeed; the answer, or an empty object for an empty one. */
  JsonObject call(String method, String path, JsonObject body)
      throws IOException, InterruptedException {
    String answer =
        send(
            request(path)
                .header("Content-Type", "application/json")
                .header("X-Snaprail-Csrf", token)
                .method(method, BodyPublishers.ofString(body.toString())));
    return answer.isBlank() ? new JsonObject() : JsonParser.parseString(answer).getAsJsonObject();
  }

  /** Reads something. */
  JsonObject read(String path) throws IOException, InterruptedException {
    return JsonParser.parseString(get(path)).getAsJsonObject();
  }

  private String get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(20))
        .header("Origin", base);
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest built = request.build();
    HttpResponse<String> answer = client.send(built, BodyHandlers.ofString());
    if (answer.statusCode() >= 400) {
      throw new IOException(
          built.method() + " " + built.uri() + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private static String find(Pattern pattern, String page) throws IOException {
    Matcher matcher = pattern.matcher(page);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in " + page);
    }
    return matcher.group(1);
  }
}
