package io.snaprail.certificates.internal.tls;

import io.snaprail.certificates.internal.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The roots that a context trusts.
 *
 * @param name of the set; empty for the JDK's own
 */
record TrustedRoots(String name, List<X509Certificate> certificates) {
  private static final int SHOWN = 4;

  TrustedRoots {
    certificates = List.copyOf(certificates);
  }

  /** For people: the name of the set and, of a small one, its content. */
  String describe() {
    if (name.isEmpty()) {
      return "the public roots of the JDK";
    }
    String shown =
        certificates.stream()
            .limit(SHOWN)
            .map(Certificates::describe)
            .collect(Collectors.joining(", "));
    String more =
        certificates.size() > SHOWN ? " and " + (certificates.size() - SHOWN) + " more" : "";
    return "the set of roots '%s' (it holds %s%s)".formatted(name, shown, more);
  }
}
