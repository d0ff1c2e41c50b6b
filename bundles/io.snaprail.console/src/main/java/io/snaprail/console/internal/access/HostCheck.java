package io.snaprail.console.internal.access;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Accepts requests for names that are ours only, so that a page of a foreign site cannot reach the
 * console by letting its own name point to our address (DNS rebinding). Addresses are always
 * accepted: nobody can rebind those.
 */
public final class HostCheck {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");
  private static final Pattern WITH_PORT = Pattern.compile("(.+?)(?::\\d{1,5})?");

  private final Set<String> names;

  /**
   * Accepts {@code localhost}, addresses and these names.
   *
   * @param names DNS names in any case
   */
  public HostCheck(Collection<String> names) {
    this.names =
        Stream.concat(Stream.of("localhost"), names.stream())
            .map(name -> name.toLowerCase(Locale.ROOT).strip())
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a {@code Host} header names us. */
  public boolean accepts(String hostHeader) {
    var matcher = WITH_PORT.matcher(hostHeader.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String host = matcher.group(1);
    return names.contains(host) || IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
  }
}
