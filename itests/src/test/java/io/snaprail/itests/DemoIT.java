package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** The demo as a person starts it: from the archive, as a process. */
public class DemoIT {

  @Test
  public void printsConsoleTokenAndFirstValueAndEndsCleanly() throws Exception {
    try (DemoProcess demo = new DemoProcess("demo").start()) {
      assertThat(demo.awaitLine("Console:")).contains(demo.url());
      assertThat(demo.claimToken()).hasSizeGreaterThan(20);
      assertThat(demo.awaitLine("First value:")).contains(":" + demo.brokerPort);
      // An operator's log of a healthy start has neither warnings nor stack traces.
      assertThat(demo.lines()).noneMatch(l -> l.contains(" ERROR ") || l.contains("\tat "));
      assertEverythingIsPrivate(demo.data);
      assertThat(demo.interrupt()).as("ended after Ctrl-C").isTrue();
      for (int port : List.of(demo.consolePort, demo.brokerPort, demo.plantPort)) {
        assertThat(listening(port)).as("port " + port + " after the end").isFalse();
      }
      // The token is for one use and for the screen: it is in no log.
      String token = demo.claimToken();
      assertThat(Image.read(demo.data.resolve("logs/snaprail.log"))).doesNotContain(token);
    }
  }

  private static void assertEverythingIsPrivate(Path data) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
    List<String> open = new ArrayList<>();
    for (String folder : List.of("security", "certificates")) {
      try (Stream<Path> files = Files.walk(data.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
          if (!mode.matches("r.-------") && !file.toString().endsWith(".pem")) {
            open.add(file + " " + mode);
          }
        }
      }
    }
    assertThat(open).isEmpty();
  }

  private static boolean listening(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  public void namesAPortThatIsTakenAndComesUpWhenItIsFree() throws Exception {
    DemoProcess demo = new DemoProcess("taken");
    try (ServerSocket taken =
        new ServerSocket(demo.consolePort, 1, InetAddress.getLoopbackAddress())) {
      demo.start();
      String line = demo.awaitLine("127.0.0.1:" + demo.consolePort);
      assertThat(line).contains("ERROR").contains("io.snaprail.console");
      // The main job does not wait for the console.
      demo.awaitLine("First value:");
      taken.close();
      demo.awaitLine("Console:");
    } finally {
      demo.close();
    }
  }

  @Test
  public void refusesToRunTwiceOnTheSameData() throws Exception {
    try (DemoProcess first = new DemoProcess("twice").start()) {
      first.awaitLine("Console:");
      Program second =
          Program.start(
              Image.HOME.resolve("bin/snaprail"),
              "run",
              "--config",
              first.config,
              "--data",
              first.data);
      await().atMost(Duration.ofSeconds(20)).until(() -> !second.process().isAlive());
      assertThat(second.process().exitValue()).isEqualTo(2);
      await()
          .untilAsserted(
              () ->
                  assertThat(second.lines())
                      .anyMatch(l -> l.contains("another Snaprail is running on " + first.data)));
    }
  }
}
