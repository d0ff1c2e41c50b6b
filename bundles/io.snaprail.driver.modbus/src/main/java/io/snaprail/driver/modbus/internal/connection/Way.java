package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.transport.Link;
import java.io.IOException;

/**
 * How a device is reached. Devices with the same protocol, host, port and variant share a
 * connection.
 *
 * @param host name or address, in lower case
 * @param port 1..65535
 * @param variant what else tells connections apart; empty, or for people and in the name of the bus
 * @param links makes what a connection consists of
 */
public record Way(Protocol protocol, String host, int port, String variant, Links links) {
  /** Makes what a connection consists of, not yet connected. */
  @FunctionalInterface
  public interface Links {
    /** A fresh one. */
    Link make(Waits waits) throws IOException;
  }

  /** By host and port alone. */
  public static Way of(Protocol protocol, String host, int port) {
    return of(protocol, host, port, "");
  }

  /** One of several connections to a host and port. */
  public static Way of(Protocol protocol, String host, int port, String variant) {
    return new Way(protocol, host, port, variant, protocol::link);
  }

  /** Host and port, for messages. */
  public String name() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Protocol, host, port and variant. */
  public String bus() {
    return protocol.scheme() + ":" + name() + variant;
  }
}
