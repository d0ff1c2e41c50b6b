package io.snaprail.certificates;

import io.snaprail.testkit.peer.Mosquitto;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Debian's broker, with mutual TLS, and whom it lets in. */
record TlsBroker(Mosquitto mosquitto) implements AutoCloseable {

  /**
   * With {@code ca.pem}, {@code server.pem} and {@code server.key} in a folder.
   *
   * @param more a further line of its configuration
   */
  static TlsBroker start(Path data, String more) throws Exception {
    return new TlsBroker(
        new Mosquitto(data)
            .configure(
                "cafile ca.pem",
                "certfile server.pem",
                "keyfile server.key",
                "require_certificate true",
                "use_identity_as_username true",
                "allow_anonymous false",
                more)
            .start());
  }

  /** MQTT 3.1.1 CONNECT (section 3.1); what CONNACK (3.2) says, or TLS. */
  String connect(SSLContext context) throws IOException {
    byte[] id = "hsm".getBytes(StandardCharsets.US_ASCII);
    byte[] packet = {
      0x10, 15, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 3, id[0], id[1], id[2],
    };
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress("localhost", mosquitto.port()), 5000);
      socket.setSoTimeout(5000);
      socket.startHandshake();
      socket.getOutputStream().write(packet);
      InputStream in = socket.getInputStream();
      byte[] answer = in.readNBytes(4);
      return answer.length == 4 && answer[0] == 0x20 && answer[3] == 0 ? "accepted" : "refused";
    } catch (SSLException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  @Override
  public void close() throws InterruptedException {
    mosquitto.close();
  }
}
