package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.health.Problem.Severity;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Fault.Kind;
import io.snaprail.mqtt.support.FakeBoard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UplinkProblemsTest {
  private final AtomicLong now = new AtomicLong();
  private final FakeBoard board = new FakeBoard();
  private final UplinkProblems problems = new UplinkProblems(board, "cloud", now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void shortNetworkTroubleIsNotTold() {
    problems.is(new Fault(Kind.NETWORK, "refused"));
    pass(Duration.ofSeconds(2));
    problems.is(new Fault(Kind.NETWORK, "refused"));
    problems.gone();
    assertThat(board.history()).isEmpty();
  }

  @Test
  void lastingTroubleIsOneEntryHoweverOftenItIsTried() {
    for (int i = 0; i < 10; i++) {
      problems.is(new Fault(Kind.NETWORK, "refused"));
      pass(Duration.ofSeconds(1));
    }
    assertThat(board.history()).hasSize(1);
    assertThat(board.of("uplink:cloud").get(0).severity()).isEqualTo(Severity.WARNING);
    problems.gone();
    assertThat(board.of("uplink:cloud")).isEmpty();
  }

  @Test
  void whatPeopleMustMendIsAnErrorAtOnce() {
    problems.is(new Fault(Kind.TLS, "expired"));
    assertThat(board.of("uplink:cloud"))
        .singleElement()
        .satisfies(p -> assertThat(p.severity()).isEqualTo(Severity.ERROR));
  }

  // The broker takes the CONNECT each time, so "connected" does not mean "mended".
  @Test
  void connectionThatComesAndGoesStaysToldUntilItLasts() {
    problems.is(new Fault(Kind.POLICY, "dropped"));
    problems.gone();
    pass(Duration.ofSeconds(1));
    problems.is(new Fault(Kind.POLICY, "dropped"));
    problems.gone();
    assertThat(board.history()).hasSize(1);
    pass(Duration.ofSeconds(11));
    problems.tick();
    assertThat(board.of("uplink:cloud")).isEmpty();
  }

  @Test
  void whatCannotBeSentIsToldBesideTheConnectionAndTakenBack() {
    problems.note("device:a+b", "bad name");
    problems.tick();
    problems.is(new Fault(Kind.TLS, "expired"));
    assertThat(board.of("uplink:cloud")).hasSize(2);
    problems.clear("device:a+b");
    problems.tick();
    assertThat(board.of("uplink:cloud")).hasSize(1);
    problems.closed();
    assertThat(board.of("uplink:cloud")).isEmpty();
  }
}
