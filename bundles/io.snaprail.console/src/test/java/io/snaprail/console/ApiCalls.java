package io.snaprail.console;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/** Calls the API over real HTTPS as a script does, with a token for each role. */
final class ApiCalls implements AutoCloseable {
  final ConsoleHarness console;
  private final Browser script;

  ApiCalls() throws Exception {
    console = new ConsoleHarness(0);
    script = new Browser(console.base);
    for (Role role : Role.values()) {
      console.gateway.tokens.put(
          role.name(), new AccessTokens.TokenInfo(role.name(), role, FakeGateway.T0, "eva", null));
    }
  }

  FakeField field() {
    return console.gateway.field;
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(Role.VIEWER, "GET", path, "");
  }

  /**
   * A call.
   *
   * @param headers names and values in turn
   */
  HttpResponse<String> send(Role role, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        script
            .request(path)
            .header("Authorization", "Bearer srt_" + role)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return script.send(request);
  }

  static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  static String code(HttpResponse<String> response) {
    return json(response).getAsJsonObject("error").get("code").getAsString();
  }

  static String message(HttpResponse<String> response) {
    return json(response).getAsJsonObject("error").get("message").getAsString();
  }

  @Override
  public void close() throws Exception {
    console.close();
  }
}
