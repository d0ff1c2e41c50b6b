package io.snaprail.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a browser as the tests need: cookies, forms, and the headers browsers send. */
final class Browser {
  static {
    // So that a test may send the Host header of an attacker; read once, before the first client.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
  private static final Pattern META_TOKEN =
      Pattern.compile("name=\"snaprail-csrf\" content=\"([^\"]+)\"");

  private final HttpClient client;
  private final URI base;
  final Map<String, String> cookies = new HashMap<>();

  Browser(URI base) throws Exception {
    this.base = base;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(ConsoleHarness.trusting())
            .build();
  }

  HttpClient client() {
    return client;
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(10));
    if (!cookies.isEmpty()) {
      StringBuilder text = new StringBuilder();
      new TreeMap<>(cookies)
          .forEach((name, value) -> text.append(name).append('=').append(value).append("; "));
      builder.header("Cookie", text.toString());
    }
    return builder;
  }

  HttpResponse<String> send(HttpRequest.Builder builder) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(builder.build(), BodyHandlers.ofString());
    for (String cookie : response.headers().allValues("Set-Cookie")) {
      String[] pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
      if (cookie.contains("Max-Age=0")) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
    return response;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** As a browser sends a plain form of our own under the policy no-referrer. */
  HttpRequest.Builder formRequest(String path, Map<String, String> fields) {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) -> {
          if (!body.isEmpty()) {
            body.append('&');
          }
          body.append(name)
              .append('=')
              .append(java.net.URLEncoder.encode(value, StandardCharsets.UTF_8));
        });
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Origin", "null")
        .header("Sec-Fetch-Site", "same-origin")
        .POST(BodyPublishers.ofString(body.toString()));
  }

  /** As a script of our own page sends JSON. */
  HttpRequest.Builder jsonRequest(String method, String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .header("Origin", origin())
        .method(method, BodyPublishers.ofString(body));
  }

  String origin() {
    return "https://" + base.getAuthority();
  }

  HttpResponse<String> login(String name) throws IOException, InterruptedException {
    return login(name, FakeGateway.PASSWORD);
  }

  HttpResponse<String> login(String name, String password)
      throws IOException, InterruptedException {
    String token = formToken(get("/login"));
    return send(
        formRequest(
            "/login", new TreeMap<>(Map.of("name", name, "password", password, "_csrf", token))));
  }

  /** The token of the session, as our own scripts read it. */
  String csrf() throws IOException, InterruptedException {
    return find(META_TOKEN, get("/points").body());
  }

  static String formToken(HttpResponse<String> page) {
    return find(FORM_TOKEN, page.body());
  }

  static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in: " + text);
    }
    return matcher.group(1);
  }
}
