package io.snaprail.console.internal.api;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes answers. */
public final class Replies {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Replies() {}

  /** Writes an answer that is there already. */
  public static void write(HttpServletResponse response, Reply reply) throws IOException {
    if (reply instanceof Reply.Json json) {
      json.headers().forEach(response::setHeader);
      write(response, json.status(), "application/json", GSON.toJson(json.body()) + "\n");
    } else if (reply instanceof Reply.Text text) {
      text.headers().forEach(response::setHeader);
      write(response, HttpServletResponse.SC_OK, text.type(), text.body());
    } else if (reply instanceof Reply.Bytes bytes) {
      bytes.headers().forEach(response::setHeader);
      write(response, bytes.status(), bytes.type(), bytes.body());
    } else if (reply instanceof Reply.Empty) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } else {
      throw new IllegalArgumentException("not an answer that is there already: " + reply);
    }
  }

  /** JSON as the API writes it. */
  public static String json(JsonElement json) {
    return GSON.toJson(json);
  }

  private static void write(HttpServletResponse response, int status, String type, String body)
      throws IOException {
    write(response, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(HttpServletResponse response, int status, String type, byte[] bytes)
      throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
