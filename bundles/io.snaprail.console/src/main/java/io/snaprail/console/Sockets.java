package io.snaprail.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;

/** The socket that the console listens on. */
final class Sockets {
  private static final int BACKLOG = 64;

  private Sockets() {}

  /** Takes a port. */
  static ServerSocketChannel bind(String host, int port) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(address, port), BACKLOG);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Address for a browser. */
  static String url(String host, ServerSocketChannel channel) throws IOException {
    int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    String name = HostNames.isWildcard(host) ? HostNames.local() : host;
    String shown = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    return "https://" + shown + (port == 443 ? "" : ":" + port) + "/";
  }

  /** Why a port could not be taken and what to do. */
  static String explain(String host, int port, IOException e) {
    String text = String.valueOf(e.getMessage());
    String file = "config/" + ConsoleConfig.PID + ".json";
    if (e instanceof UnknownHostException) {
      return "The console's host '" + host + "' is not known: correct \"host\" in " + file + ".";
    }
    if (text.contains("in use")) {
      return "The console cannot listen on "
          + host
          + ":"
          + port
          + ": another program has that port. End it, or choose another \"port\" in "
          + file
          + ".";
    }
    if (text.contains("Permission denied")) {
      return "The console may not listen on "
          + host
          + ":"
          + port
          + ": ports below 1024 need a privilege. Choose another \"port\" in "
          + file
          + ".";
    }
    return "The console cannot listen on "
        + host
        + ":"
        + port
        + ": "
        + text
        + ". Check \"host\" and \"port\" in "
        + file
        + "; the host must be an address of this machine.";
  }
}
