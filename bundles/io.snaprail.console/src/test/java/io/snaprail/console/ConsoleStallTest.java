package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody who has not logged in can take the console away from the others. */
@Timeout(30)
class ConsoleStallTest {
  private ConsoleHarness console;
  private final List<SSLSocket> sockets = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
  }

  @AfterEach
  void stop() throws Exception {
    for (SSLSocket socket : sockets) {
      socket.close();
    }
    console.close();
  }

  /** A form of which only the first bytes come. */
  private SSLSocket unfinished(String cookie) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            ConsoleHarness.trusting()
                .getSocketFactory()
                .createSocket("127.0.0.1", console.base.getPort());
    sockets.add(socket);
    socket.setSoTimeout(15_000);
    String request =
        "POST /login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
            + cookie
            + "Content-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 60000\r\n\r\n"
            + "name=";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  private static String status(SSLSocket socket) throws IOException {
    byte[] buffer = new byte[4096];
    int read = socket.getInputStream().read(buffer);
    String answer = new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    return answer.lines().findFirst().orElse("closed");
  }

  @Test
  void aFormWithoutItsCookieIsRefusedBeforeItsBodyIsRead() throws Exception {
    assertThat(status(unfinished(""))).startsWith("HTTP/1.1 403");
  }

  @Test
  void unfinishedFormsLeaveThreadsForTheOthers() throws Exception {
    Browser browser = new Browser(console.base);
    browser.get("/login");
    String cookie = browser.cookies.entrySet().iterator().next().toString();
    for (int i = 0; i < 22; i++) {
      unfinished("Cookie: " + cookie + "\r\n");
    }

    assertThat(new Browser(console.base).get("/login").statusCode()).isEqualTo(200);
    assertThat(status(sockets.get(21))).startsWith("HTTP/1.1 503");
  }

  /** So that those who hold the few places cannot hold them for long. */
  @Test
  void anUnfinishedFormIsGivenUpSoon() throws Exception {
    Browser browser = new Browser(console.base);
    browser.get("/login");
    String cookie = browser.cookies.entrySet().iterator().next().toString();
    for (int i = 0; i < 4; i++) {
      unfinished("Cookie: " + cookie + "\r\n");
    }
    for (SSLSocket socket : List.copyOf(sockets)) {
      assertThat(status(socket)).doesNotStartWith("HTTP/1.1 200");
    }

    assertThat(new Browser(console.base).login("admin").statusCode()).isEqualTo(303);
  }
}
