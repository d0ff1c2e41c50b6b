package io.snaprail.console;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Names that the console goes by. */
final class HostNames {
  private static final AtomicReference<@Nullable String> LOCAL = new AtomicReference<>();

  private HostNames() {}

  /** For requests: the configured names and that of this machine. */
  static Set<String> accepted(ConsoleConfig config) {
    Set<String> names = new LinkedHashSet<>(List.of(config.names()));
    names.add(config.host());
    names.add(local());
    return names;
  }

  /** For the certificate: those for requests and the loopback addresses. */
  static Set<String> certified(ConsoleConfig config) {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    accepted(config).stream()
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !isWildcard(name))
        .forEach(names::add);
    return names;
  }

  /** Whether an address stands for every interface. */
  static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
  }

  /** Name of this machine; asks the system once, which may take a while. */
  static String local() {
    String known = LOCAL.get();
    if (known != null) {
      return known;
    }
    String found;
    try {
      found = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
    } catch (UnknownHostException e) {
      // A machine that cannot resolve its own name is reached by address.
      found = "localhost";
    }
    LOCAL.set(found);
    return found;
  }
}
