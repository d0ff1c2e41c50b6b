package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Debian's broker, with mutual TLS: {@code ca.pem}, {@code server.pem} and {@code server.key} in a
 * folder.
 */
final class Mosquitto implements AutoCloseable {
  private final Process process;
  private final int port;

  /** With further lines of its configuration. */
  Mosquitto(Path data, String more) throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(
        data.resolve("mosquitto.conf"),
        """
        listener %d 127.0.0.1
        cafile %s
        certfile %s
        keyfile %s
        require_certificate true
        use_identity_as_username true
        allow_anonymous false
        user root
        %s
        """
            .formatted(
                port,
                data.resolve("ca.pem"),
                data.resolve("server.pem"),
                data.resolve("server.key"),
                more));
    process =
        new ProcessBuilder(program(), "-c", data.resolve("mosquitto.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("mosquitto.log").toFile())
            .start();
    await().until(this::listens);
  }

  private static String program() {
    return Files.exists(Path.of("/usr/sbin/mosquitto")) ? "/usr/sbin/mosquitto" : "mosquitto";
  }

  private boolean listens() {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Has it read its files again. */
  void reload() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** MQTT 3.1.1 CONNECT (section 3.1); what CONNACK (3.2) says, or TLS. */
  String connect(SSLContext context) throws IOException {
    byte[] id = "hsm".getBytes(StandardCharsets.US_ASCII);
    byte[] packet = {
      0x10, 15, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 3, id[0], id[1], id[2],
    };
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress("localhost", port), 5000);
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
  public void close() throws Exception {
    process.destroy();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
