package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import java.util.Collection;
import java.util.Locale;

/** Calls of the registry whose refusals are answers. */
final class RegistryCalls {
  private final PartsSource parts;

  RegistryCalls(PartsSource parts) {
    this.parts = parts;
  }

  /** Something that the registry may refuse. */
  @FunctionalInterface
  interface Work {
    ConsoleAnswer of(Registry registry, ConsoleRequest request, Body body)
        throws RegistryException, ConsoleException;
  }

  ConsoleCall.Handler on(Work work) {
    return request -> {
      Registry registry = parts.require().registry();
      try {
        return work.of(registry, request, Body.of(request));
      } catch (RegistryException e) {
        throw new ConsoleException(
            e.kind().status(),
            e.kind().code(),
            sentence(String.valueOf(e.getMessage())),
            e.kind().status() >= 500 ? e : null);
      } catch (IllegalArgumentException e) {
        throw new ConsoleException(
            400, "InvalidRequestException", sentence(String.valueOf(e.getMessage())));
      }
    };
  }

  /** A message with a capital at its beginning and a full stop at its end. */
  static String sentence(String message) {
    String text =
        message.isEmpty()
            ? "It was refused"
            : message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    return text.endsWith(".") ? text : text + ".";
  }

  static ConsoleAnswer json(JsonObject json) {
    return ConsoleAnswer.json(StrictJson.write(json));
  }

  static ConsoleAnswer done() {
    return ConsoleAnswer.json("{}");
  }

  static JsonArray array(Collection<String> texts) {
    JsonArray array = new JsonArray();
    texts.stream().sorted().forEach(array::add);
    return array;
  }
}
