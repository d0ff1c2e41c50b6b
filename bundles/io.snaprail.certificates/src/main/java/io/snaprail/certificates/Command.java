package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command from the gateway's own machine.
 *
 * @param values by key; {@code command} is always there
 * @param text what follows the empty line
 */
record Command(Map<String, String> values, String text) {
  Command {
    values = Map.copyOf(values);
  }

  static Command parse(String request) throws CertificateStoreException {
    int end = request.indexOf("\n\n");
    String head = end < 0 ? request : request.substring(0, end);
    Map<String, String> values = new TreeMap<>();
    for (String line : head.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new CertificateStoreException("Expected lines of 'key: value', found '" + line + "'");
      }
      values.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    if (!values.containsKey("command")) {
      throw new CertificateStoreException("The request names no command, or is too long");
    }
    return new Command(values, end < 0 ? "" : request.substring(end + 2));
  }

  String name() {
    return optional("command");
  }

  String required(String key) throws CertificateStoreException {
    String value = optional(key);
    if (value.isEmpty()) {
      throw new CertificateStoreException("The command '%s' needs a %s".formatted(name(), key));
    }
    return value;
  }

  String optional(String key) {
    return values.getOrDefault(key, "");
  }

  List<String> list(String key) {
    return Arrays.stream(optional(key).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** Without the text. */
  @Override
  public String toString() {
    return values.toString();
  }
}
