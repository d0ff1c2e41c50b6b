package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.ext.Extension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The description of the API, served by the API itself. */
public final class OpenApi {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");
  private static final String FILE = "/io/snaprail/console/openapi.json";

  private OpenApi() {}

  /** Adds the route. */
  public static void addTo(Router router, Services services) {
    router.add(
        "GET",
        "/api/v1/openapi.json",
        Role.VIEWER,
        request -> {
          List<Extension> extensions = services.extensions();
          return extensions.isEmpty()
              ? new Reply.Text("application/json", text())
              : Reply.ok(with(extensions));
        });
  }

  /** The file, and the calls of the extensions that are there. */
  private static JsonObject with(List<Extension> extensions) throws IOException {
    JsonObject file = JsonParser.parseString(text()).getAsJsonObject();
    JsonObject paths = file.getAsJsonObject("paths");
    for (Extension extension : extensions) {
      for (ConsoleCall call : extension.calls()) {
        String path = ExtensionRoutes.ROOT + extension.name() + "/" + call.path();
        if (!paths.has(path)) {
          paths.add(path, new JsonObject());
        }
        paths
            .getAsJsonObject(path)
            .add(call.method().toLowerCase(Locale.ROOT), operation(extension, call));
      }
    }
    return file;
  }

  private static JsonObject operation(Extension extension, ConsoleCall call) {
    JsonObject operation = new JsonObject();
    JsonArray tags = new JsonArray();
    tags.add(extension.title());
    operation.add("tags", tags);
    operation.addProperty("summary", call.summary());
    operation.addProperty("x-role", call.role().name());
    JsonArray parameters = new JsonArray();
    Matcher variable = VARIABLE.matcher(call.path());
    while (variable.find()) {
      JsonObject parameter = new JsonObject();
      parameter.addProperty("name", variable.group(1));
      parameter.addProperty("in", "path");
      parameter.addProperty("required", true);
      parameter.add("schema", JsonParser.parseString("{\"type\":\"string\"}"));
      parameters.add(parameter);
    }
    operation.add("parameters", parameters);
    operation.add(
        "responses", JsonParser.parseString("{\"default\":{\"description\":\"The answer.\"}}"));
    return operation;
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
