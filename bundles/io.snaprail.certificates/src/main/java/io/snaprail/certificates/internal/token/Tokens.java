package io.snaprail.certificates.internal.token;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.health.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The hardware tokens that are configured; they come and go. Safe for any thread. */
public final class Tokens {
  private final Map<String, HardwareToken> tokens = new ConcurrentHashMap<>();

  /** One has come. */
  public void add(HardwareToken token) {
    tokens.put(token.name(), token);
  }

  /** One has gone. */
  public void remove(HardwareToken token) {
    tokens.remove(token.name(), token);
  }

  /** Their names, sorted. */
  public Set<String> names() {
    return new TreeSet<>(tokens.keySet());
  }

  /** Those that could not be opened. Never waits for one. */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (HardwareToken token : tokens.values()) {
      String trouble = token.trouble();
      if (!trouble.isEmpty()) {
        problems.add(
            new Problem(Problem.Severity.ERROR, "hardware token " + token.name(), trouble));
      }
    }
    return problems;
  }

  /** The token of a name. */
  public HardwareToken get(String name) throws CertificateStoreException {
    HardwareToken token = tokens.get(name);
    if (token == null) {
      throw new CertificateStoreException(
          "There is no hardware token named '%s'. Present: %s. Configure it: io.snaprail.certificates.token~%s.json"
              .formatted(name, tokens.isEmpty() ? "none" : String.join(", ", names()), name));
    }
    return token;
  }
}
