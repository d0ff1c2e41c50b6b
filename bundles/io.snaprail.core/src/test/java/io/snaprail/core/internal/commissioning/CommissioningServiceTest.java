package io.snaprail.core.internal.commissioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.model.Sample;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.core.internal.poller.FakeDevice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tests of settings and tools give. */
class CommissioningServiceTest extends CommissioningRig {
  @Test
  void namesTheDriversThatAreThere() {
    assertThat(service.pids()).containsExactly("drv", "other");
    assertThat(service.tools("drv"))
        .containsExactly(FakeTools.LOOK, FakeTools.POKE, FakeTools.WATCH);
    assertThat(service.presets("drv")).containsExactly(FakeTools.PRESET);
    assertThat(service.presets("none")).isEmpty();
    assertThat(service.tools("none")).isEmpty();
    assertThatThrownBy(() -> service.test("none", Map.of(), OPERATOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pid: expected [drv, other], found 'none'");
    assertThatThrownBy(() -> service.run("drv", "lok", Map.of(), Map.of(), OPERATOR))
        .hasMessage("tool: expected one of [look, poke, watch], found 'lok'");
  }

  @Test
  void aTestReadsEachPointOnceScaledAndTellsOfEachRow() {
    Run run =
        ended(
            test(
                "here",
                "x,1,int16,,0.1,0,°C",
                "late,2,int16,,,,,,5s",
                "wrong,bad,int16",
                "set,3,int16,,,,,w",
                "ro,fixed,int16,,,,,rw",
                "torn,4"));

    assertThat(run.columns())
        .containsExactly("name", "address", "type", "value", "quality", "reason");
    assertThat(run.rows())
        .containsExactly(
            List.of(
                "",
                "",
                "",
                "",
                "BAD",
                "settings: points[6]: column 'type': expected a value, found nothing"),
            List.of("x", "1", "int16", "0.1 °C", "GOOD", ""),
            List.of("late", "2", "int16", "2", "GOOD", ""),
            List.of("wrong", "bad", "int16", "", "BAD", "address 'bad': expected a number"),
            List.of("set", "3", "int16", "", "", "can only be written, so it was not read"),
            List.of("ro", "fixed", "int16", "", "BAD", "address 'fixed': can only be read"));
    assertThat(run.samples())
        .extracting(sample -> sample.point())
        .containsExactly("x", "late", "wrong");
    assertThat(run.state()).isEqualTo(Run.State.DONE);
    assertThat(run.message()).isEqualTo("2 points read; 3 rows need a look, see below");
    assertThat(tools.opened.get(0).closed).isTrue();
    assertThat(tools.opened.get(0).reads).hasValue(2);
  }

  @Test
  void aTestOfADeviceThatIsAwayFailsWithTheDriversMessage() {
    Run run = ended(test("away", "x,1,int16", "y,2,int16,,,,,,5s"));

    assertThat(run.state()).isEqualTo(Run.State.FAILED);
    assertThat(run.message()).isEqualTo("cannot connect to away");
    assertThat(run.rows()).extracting(row -> row.get(5)).containsOnly("cannot connect to away");
    assertThat(tools.opened.get(0).reads).hasValue(1);
    assertThat(tools.opened.get(0).closed).isTrue();
  }

  @Test
  void aTestWithoutAUsablePointSaysWhatIsMissing() {
    assertThat(ended(test("here")).message()).startsWith("there is no usable point; give");
  }

  @Test
  void wrongSettingsAreRefusedBeforeAnythingBegins() {
    assertThatThrownBy(() -> service.test("drv", Map.of("period.ms", 1L), OPERATOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("period.ms: expected a whole number of milliseconds, 10..");
    assertThatThrownBy(() -> service.test("drv", Map.of(), OPERATOR))
        .hasMessage("host: expected a name, found nothing");
    assertThat(audit).isEmpty();
  }

  @Test
  void settingsAreLookedAtWithoutOpeningAnything() {
    assertThat(service.check("drv", Map.of("host", "h"))).containsExactly("mind h");
    assertThatThrownBy(() -> service.check("drv", Map.of("period.ms", 1L)))
        .hasMessageContaining("period.ms: expected");
    assertThatThrownBy(() -> service.check("none", Map.of())).hasMessageStartingWith("pid: ");
    assertThat(tools.opened).isEmpty();
  }

  /** TrialDevice.patience: "how long a test goes on reading while points have no value". */
  @Test
  void aDeviceThatSendsByItselfIsListenedToUntilItsPointsHaveCome() {
    Run begun = test("late", "x,1,int16");
    await().until(() -> tools.opened.get(0).reads.get() > 1);
    assertThat(service.find(begun.id()).orElseThrow().state()).isEqualTo(Run.State.RUNNING);

    tools.opened.get(0).failure = null;

    Run run = ended(begun);
    assertThat(run.state()).isEqualTo(Run.State.DONE);
    assertThat(run.rows().get(0)).contains("1", "GOOD");
  }

  /** ToolRun.points, ToolRun.samples: "read as for a device", "scaled, with their quality". */
  @Test
  void aToolGetsThePointsOfTheSettingsAndValuesAsTheyWouldBePublished() {
    tools.work =
        (parameters, run) -> {
          run.points().errors().forEach(error -> run.row(List.of("error", error)));
          List<Sample> samples =
              run.samples(
                  run.points().good(),
                  (sink, deadline) -> {
                    sink.integer(0, 215);
                    sink.float64(1, Double.NaN);
                  });
          samples.forEach(s -> run.row(List.of(s.point(), s.value() + " " + s.reason())));
        };

    Run run =
        ended(
            service.run(
                "drv",
                "look",
                Map.of("points", List.of("x,1,int16,,0.1", "y,2,number", "z,3,number", "torn,4")),
                Map.of(),
                OPERATOR));

    assertThat(run.rows())
        .containsExactly(
            List.of("error", "settings: points[4]: column 'type': expected a value, found nothing"),
            List.of("x", "Float64[value=21.5] "),
            List.of("y", "null the device answered NaN, which is no number"),
            List.of("z", "null the driver delivered no value for this point"));
  }

  @Test
  void aLiveToolKeepsItsNewestRowsAndCountsOn() {
    int rows = ActiveRun.MAX_LIVE_ROWS + 5;
    tools.work =
        (parameters, run) -> {
          for (int i = 0; i < rows; i++) {
            run.row(List.of("" + i));
          }
        };

    Run run = ended(service.run("drv", "watch", Map.of(), Map.of(), OPERATOR));

    assertThat(run.firstRow()).isEqualTo(5);
    assertThat(run.rows()).hasSize(ActiveRun.MAX_LIVE_ROWS).startsWith(List.of("5"));
    assertThat(run.message()).isEmpty();
  }

  /** "Works when the bus is polled by running devices": never two at once, and both go on. */
  @Test
  void aTestSharesTheBusWithTheDevicesThatArePolled() {
    FakeDevice polled = new FakeDevice("b", inside);
    registry.bindDevice(
        polled,
        Map.of(
            "service.id",
            1L,
            "service.pid",
            "drv~d",
            "period.ms",
            10,
            "points",
            new String[] {"x,1,int16"}));
    await().until(() -> polled.reads.get() > 3);

    for (int i = 0; i < 20; i++) {
      assertThat(ended(test("here", "x,1,int16")).state()).isEqualTo(Run.State.DONE);
    }

    int before = polled.reads.get();
    await().until(() -> polled.reads.get() > before + 3);
    assertThat(polled.overlaps).hasValue(0);
    assertThat(tools.opened).allMatch(trial -> trial.overlaps.get() == 0);
  }

  @Test
  void aToolGivesRowsProgressAndFiles() {
    tools.work =
        (parameters, run) -> {
          run.progress(3, 10, "unit 3");
          run.row(List.of("1", run.onBus("b", () -> parameters.toString())));
          run.file("found.csv", "name,address,type\n");
        };

    Run run = ended(look("first", " 17 "));

    assertThat(run.state()).isEqualTo(Run.State.DONE);
    assertThat(run.title()).isEqualTo("Look around");
    assertThat(run.rows())
        .containsExactly(List.of("1", "{first=17, deep=false, table=holding, data=}"));
    assertThat(run.files()).containsEntry("found.csv", "name,address,type\n");
    assertThat(run.done()).isEqualTo(3);
    assertThat(run.of()).isEqualTo(10);
    assertThat(run.message()).isEqualTo("unit 3");
  }

  @Test
  void parametersAreCheckedAgainstTheirKind() {
    assertThatThrownBy(() -> look("first", "248"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first: expected a whole number, 1..247, found '248'");
    assertThatThrownBy(() -> look("first", "1.5")).hasMessageEndingWith("found '1.5'");
    assertThatThrownBy(() -> look("deep", "yes"))
        .hasMessage("deep: expected true or false, found 'yes'");
    assertThatThrownBy(() -> look("table", "coil"))
        .hasMessage("table: expected one of holding, input, found 'coil'");
    assertThatThrownBy(() -> look("data", "x".repeat(4_097)))
        .hasMessage("data: expected at most 4096 characters, found 4097 characters");
    assertThatThrownBy(() -> look("frist", "1"))
        .hasMessage("tool 'look' has no parameter 'frist'; expected first, deep, table, data");
  }
}
