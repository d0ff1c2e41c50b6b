package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.ascii.AsciiFrame;
import io.snaprail.driver.modbus.internal.rtu.RtuFrame;
import io.snaprail.driver.modbus.internal.tcp.LineConnection;
import io.snaprail.driver.modbus.internal.tcp.TcpConnection;
import io.snaprail.driver.modbus.internal.tcp.TcpStream;
import io.snaprail.driver.modbus.internal.transport.Link;
import io.snaprail.driver.modbus.internal.udp.UdpSocket;
import java.io.IOException;

/** What is spoken with a host and port. */
public enum Protocol {
  /** Modbus TCP. */
  TCP("tcp") {
    @Override
    Link link(Waits waits) {
      return new TcpConnection(new TcpStream(waits.idle()));
    }
  },
  /** RTU frames on a TCP connection. */
  RTU_TCP("rtutcp") {
    @Override
    Link link(Waits waits) {
      return new LineConnection(new RtuFrame(), waits.idle(), waits.settle());
    }
  },
  /** ASCII frames on a TCP connection. */
  ASCII_TCP("asciitcp") {
    @Override
    Link link(Waits waits) {
      return new LineConnection(new AsciiFrame(), waits.idle(), waits.settle());
    }
  },
  /** Modbus/TLS. */
  TLS("tls") {
    @Override
    Link link(Waits waits) {
      throw new IllegalStateException("who proves himself as whom is known to the device");
    }
  },
  /** Modbus UDP. */
  UDP("udp") {
    @Override
    Link link(Waits waits) throws IOException {
      return new UdpSocket();
    }
  };

  private final String scheme;

  Protocol(String scheme) {
    this.scheme = scheme;
  }

  /**
   * How its buses and its PID are named: {@code tcp}, {@code rtutcp}, {@code asciitcp}, {@code tls}
   * or {@code udp}.
   */
  public String scheme() {
    return scheme;
  }

  /** Whether its frames carry a checksum. */
  boolean checksum() {
    return this == RTU_TCP || this == ASCII_TCP;
  }

  /** Not yet connected. */
  abstract Link link(Waits waits) throws IOException;
}
