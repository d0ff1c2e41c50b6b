package io.snaprail.core.internal.problems;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Problem AWAY = new Problem(Severity.ERROR, "boiler", "away");
  private static final Problem OLD = new Problem(Severity.WARNING, "cert", "ends soon");

  private Instant now = FIRST;
  private final Board board =
      new Board(
          new Clock() {
            @Override
            public java.time.ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  @Test
  void keepsTheTimeOfAProblemThatIsReportedAgain() {
    board.report("a", List.of(AWAY));
    now = FIRST.plusSeconds(60);
    board.report("a", List.of(AWAY, OLD));
    assertThat(board.problems())
        .containsExactly(
            new ProblemBoard.Entry("a", AWAY, FIRST), new ProblemBoard.Entry("a", OLD, now));
  }

  @Test
  void putsErrorsFirst() {
    board.report("a", List.of(OLD));
    board.report("b", List.of(AWAY));
    assertThat(board.problems()).extracting(ProblemBoard.Entry::problem).containsExactly(AWAY, OLD);
  }

  @Test
  void replacesTheProblemsOfItsSourceOnly() {
    board.report("a", List.of(AWAY));
    board.report("b", List.of(OLD));
    board.report("a", List.of());
    assertThat(board.problems()).extracting(ProblemBoard.Entry::problem).containsExactly(OLD);
  }
}
