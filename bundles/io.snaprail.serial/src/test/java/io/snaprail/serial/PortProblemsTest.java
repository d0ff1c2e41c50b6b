package io.snaprail.serial;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.health.Problem;
import io.snaprail.serial.internal.local.PortList;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortProblemsTest {
  private final PortProblems problems = new PortProblems();
  private final Ports.Board board = new Ports.Board();

  private static Optional<PortList.Entry> adapter(int latency) {
    return Optional.of(new PortList.Entry(Path.of("/dev/ttyUSB3"), List.of(), "FTDI", latency));
  }

  @Test
  void namesASlowAdapterAndTheRemedyWhileItIsOpen() {
    problems.board(board);
    problems.port("boiler", adapter(16));
    assertThat(board.all())
        .singleElement()
        .satisfies(each -> assertThat(each.severity()).isEqualTo(Problem.Severity.WARNING))
        .satisfies(each -> assertThat(each.subject()).isEqualTo("boiler"))
        .satisfies(
            each ->
                assertThat(each.message())
                    .contains("for 16 ms, expected 1")
                    .contains("echo 1 > /sys/bus/usb-serial/devices/ttyUSB3/latency_timer"));
    problems.port("boiler", Optional.empty());
    assertThat(board.all()).isEmpty();
  }

  @Test
  void leavesFastAdaptersAlone() {
    problems.board(board);
    problems.port("boiler", adapter(1));
    problems.port("scale", adapter(0));
    assertThat(board.all()).isEmpty();
  }

  @Test
  void tellsABoardThatComesLaterOfTheLibrary() {
    problems.library("does not load");
    problems.board(board);
    assertThat(board.all()).extracting(Problem::message).containsExactly("does not load");
    problems.library("");
    assertThat(board.all()).isEmpty();
  }
}
