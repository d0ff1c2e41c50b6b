package io.snaprail.console.internal.api;

import io.snaprail.api.security.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The description of the API, served by the API itself. */
public final class OpenApi {
  private static final String FILE = "/io/snaprail/console/openapi.json";

  private OpenApi() {}

  /** Adds the route. */
  public static void addTo(Router router) {
    router.add(
        "GET",
        "/api/v1/openapi.json",
        Role.VIEWER,
        request -> new Reply.Text("application/json", text()));
  }

  /** The file. */
  static String text() throws IOException {
    try (InputStream in = OpenApi.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException("no " + FILE + " in the console's bundle");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
