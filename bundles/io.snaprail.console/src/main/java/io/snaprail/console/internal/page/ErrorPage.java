package io.snaprail.console.internal.page;

import com.google.gson.JsonObject;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.Zone;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers that say no: JSON for the API, a page for people, plain text for what scripts sent. */
public final class ErrorPage {
  private ErrorPage() {}

  /** Answers with a refusal. */
  public static void write(
      HttpServletRequest request, HttpServletResponse response, Zone zone, Refusal refusal)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(refusal.status());
    refusal.headers().forEach(response::setHeader);
    String body;
    if (zone == Zone.API) {
      response.setContentType("application/json");
      body = json(refusal.code(), refusal.text());
    } else if (request.getMethod().equals("GET") || zone == Zone.PAGE || zone == Zone.PUBLIC) {
      response.setContentType("text/html;charset=utf-8");
      body = html(refusal);
    } else {
      response.setContentType("text/plain;charset=utf-8");
      body = refusal.text() + "\n";
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  /** The API's form of an error. */
  public static String json(String code, String message) {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("message", message);
    JsonObject body = new JsonObject();
    body.add("error", error);
    return body + "\n";
  }

  private static String html(Refusal refusal) {
    return Templates.render(
        "error.html",
        Map.of(
            "status", String.valueOf(refusal.status()),
            "message", refusal.text(),
            "assets", Assets.root()));
  }
}
