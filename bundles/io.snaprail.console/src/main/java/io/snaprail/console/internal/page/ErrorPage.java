package io.snaprail.console.internal.page;

import com.google.gson.JsonObject;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.Zone;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
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
    send(response, body);
  }

  private static void send(HttpServletResponse response, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    ServletOutputStream out;
    try {
      out = response.getOutputStream();
    } catch (IllegalStateException e) {
      // Whoever began an answer has taken the writer; closed, it takes nothing more from them.
      PrintWriter writer = response.getWriter();
      writer.write(body);
      writer.close();
      return;
    }
    response.setContentLength(bytes.length);
    out.write(bytes);
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
