package io.snaprail.localiot.internal;

import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.setup.DemoSettings;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How the endpoint is configured.
 *
 * @param host name or address to listen on
 * @param port 0..65535, 0 for a free one
 * @param arns region and account
 * @param demo the thing that it provisions by itself
 * @param rules how close it keeps to AWS
 * @param restPort 0..65535 for the REST twin, 0 for a free one; -1 for none
 */
public record EndpointSettings(
    String host, int port, Arns arns, DemoSettings demo, Rules rules, int restPort) {

  /** Without the REST twin. */
  public EndpointSettings(String host, int port, Arns arns, DemoSettings demo, Rules rules) {
    this(host, port, arns, demo, rules, -1);
  }

  /** Checks ranges; each message names key, range and what was found. */
  public EndpointSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: expected a name or address, found nothing");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: expected 0..65535, found '" + port + "'");
    }
    if (restPort < -1 || restPort > 65535) {
      throw new IllegalArgumentException(
          "rest.port: expected 0..65535, or -1 for none, found '" + restPort + "'");
    }
  }

  /** Where it is, as people write it. */
  String display() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Names and addresses that its certificate is for. */
  List<String> serverNames() {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    if (!new InetSocketAddress(host, 0).getAddress().isAnyLocalAddress()) {
      names.add(host);
    }
    return List.copyOf(names);
  }
}
