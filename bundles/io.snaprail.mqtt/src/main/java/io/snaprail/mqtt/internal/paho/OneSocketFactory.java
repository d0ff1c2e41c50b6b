package io.snaprail.mqtt.internal.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Hands out the one socket that is already connected. */
final class OneSocketFactory extends SocketFactory {
  private final Transport transport;

  OneSocketFactory(Transport transport) {
    this.transport = transport;
  }

  @Override
  public Socket createSocket() {
    return new ConnectedSocket(transport);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw notUsed();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw notUsed();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw notUsed();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw notUsed();
  }

  private static IOException notUsed() {
    return new IOException("only an unconnected socket is ever asked for");
  }
}
