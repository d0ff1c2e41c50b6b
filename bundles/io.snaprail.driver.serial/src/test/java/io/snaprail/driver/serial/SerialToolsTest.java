package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Tool;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.RecordingRun;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialToolsTest extends DriverToolsContract {
  private final Instrument instrument = new Instrument(asked -> asked.equals("?") ? "21.5\n" : "");
  private final Ports ports = new Ports();
  private final DriverTools tools = new SerialTools(ports.lines);

  @AfterEach
  void close() {
    ports.close();
    instrument.close();
  }

  @Override
  protected DriverTools tools() {
    return tools;
  }

  @Override
  protected String pid() {
    return SerialSensor.PID;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("port", instrument.port(), "mode", "ask");
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("frame", "rhombus");
  }

  @Override
  protected int requests() {
    return instrument.heard.size();
  }

  @Override
  protected Map<String, String> parameters(Tool tool) {
    Map<String, String> parameters = super.parameters(tool);
    parameters.replace("seconds", "1");
    parameters.replace("frames", "21.5");
    return parameters;
  }

  private static Map<String, String> frames(String... keysAndValues) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("form", "text");
    parameters.put("ending", "\\n");
    parameters.put("begins", "true");
    parameters.put("asked", "");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return parameters;
  }

  private TrialRun tried(
      Map<String, Object> settings, List<String> points, Map<String, String> parameters)
      throws Exception {
    TrialRun run = new TrialRun(points);
    tools.run(pid(), "try", settings, parameters, run);
    return run;
  }

  /** Before anything is saved, or a port is chosen: each frame, its points, what is in none. */
  @Test
  void framesAreTriedWithTheSettingsAndPointsOfTheForm() throws Exception {
    TrialRun run =
        tried(
            Map.of("checksum", "sum8", "checksum.at", -3, "checksum.form", "hex"),
            List.of(
                "t,column:2,number(0..300),,0.1,-5,°C",
                "state,\"column:3 if ,ON\",\"bool(ON,OFF)\"",
                "set,set T${value},number,,,,,w",
                "none,\"column:9 if ^B\",number",
                "wrong,row:3,number",
                "torn,column:1"),
            frames("frames", "A,215,ON,FA\nA,999,OFF,4B\nA,216,ON,99"));

    assertThat(run.rows())
        .containsExactly(
            "|||BAD|" + run.points().errors().get(0),
            "|wrong||BAD|address 'row:3': expected text, chars:A..B, column:N, angle:N, key:NAME,"
                + " group:NAME, json:PATH or bytes:N",
            "frame 1||A,215,ON,FA\\n|GOOD|12 bytes, sum8 'FA' is right",
            "|t|16.5 °C|GOOD|",
            "|state|true|GOOD|",
            "frame 2||A,999,OFF,4B\\n|GOOD|13 bytes, sum8 '4B' is right",
            "|t||BAD|expected a number of 0..300, found '999'",
            "skipped||A,216,ON,99\\n|BAD|checksum '99', expected 'FB'",
            "result|t||BAD|expected a number of 0..300, found '999'",
            "result|state|true|GOOD|",
            "result|none||BAD|no frame with this point");
    assertThat(run.progress()).isEqualTo("2 frames, 12 bytes in none; 1 of 3 points have a value");
    assertThat(run.buses()).isEmpty();
  }

  @Test
  void framesMayBeHexadecimalAndToldApartBySilence() throws Exception {
    TrialRun run =
        tried(
            Map.of("frame", "silence", "mode", "ask", "request", "?", "port", ""),
            List.of("v,bytes:1,int16", "other,bytes:1 ask !,int16"),
            frames("form", "hex", "frames", "01 00 2A\n0x02,0x01,0x00", "asked", "?"));

    assertThat(run.rows())
        .contains("frame 1||\\x01\\x00*|GOOD|3 bytes, no checksum", "|v|42|GOOD|", "|v|256|GOOD|")
        .noneMatch(row -> row.contains("other"));
  }

  @Test
  void bytesThatAreNoneAreNamedWithTheirLine() {
    assertThatThrownBy(() -> tried(Map.of(), List.of(), frames("form", "hex", "frames", "01\n0G")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in line 2, found '0G'");
    assertThatThrownBy(() -> tried(Map.of(), List.of(), frames("frames", " ")))
        .hasMessage("frames: expected what the device sends, found nothing");
  }

  /** Whoever begins in the middle of a line does not get half a frame. */
  @Test
  void whatBeginsInTheMiddleOfAFrameIsSkipped() throws Exception {
    TrialRun run =
        tried(Map.of(), List.of("v,text,number"), frames("frames", "34\n12", "begins", "false"));

    assertThat(run.rows()).contains("skipped||34\\n|BAD|in no frame", "|v|12|GOOD|");
  }

  @Test
  void aWeakChecksumAndNoneAreNamed() {
    assertThat(tools.check(pid(), Map.of())).singleElement().asString().contains("no checksum");
    assertThat(tools.check(pid(), Map.of("checksum", "xor")))
        .singleElement()
        .asString()
        .contains("xor is weak", "one of 256");
    assertThat(tools.check(pid(), Map.of("checksum", "crc16-modbus"))).isEmpty();
    assertThatThrownBy(() -> tools.check(pid(), Map.of("checksum", "md5")))
        .hasMessageStartingWith("checksum: expected none, ");
  }

  /** Joining a line with other settings stops everybody on it: nobody who only tries may. */
  @Test
  void tryingOtherSettingsDoesNotStopADeviceThatUsesThePort() throws Exception {
    SerialSensor device = ports.sensor("port", instrument.port(), "name", "scale");
    Map<String, Object> other = Map.of("port", instrument.port(), "baud", 300L);
    try {
      assertThatThrownBy(() -> tools.open(pid(), other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'scale'")
          .hasMessageContaining("nothing was tried");
      assertThatThrownBy(
              () -> tools.run(pid(), "monitor", other, Map.of("seconds", "1"), new RecordingRun()))
          .hasMessageContaining("nothing was tried");
      tools.open(pid(), Map.of("port", instrument.port())).close();
    } finally {
      device.deactivate();
    }
  }

  @Test
  void theMonitorTellsFramesAndWhatIsInNone() throws Exception {
    Map<String, Object> listening =
        Map.of(
            "port",
            instrument.port(),
            "checksum",
            "xor",
            "checksum.at",
            -3,
            "checksum.form",
            "hex");
    RecordingRun run = new RecordingRun();
    ScheduledExecutorService talker = Executors.newSingleThreadScheduledExecutor();
    talker.scheduleWithFixedDelay(
        () -> instrument.say("ABC40\nABC41\n"), 0, 20, TimeUnit.MILLISECONDS);
    try {
      tools.run(pid(), "monitor", listening, Map.of("seconds", "2"), run);
    } finally {
      talker.shutdownNow();
    }
    assertThat(run.rows())
        .anyMatch(
            row ->
                row.subList(1, 6)
                    .equals(
                        List.of(
                            "came",
                            "41 42 43 34 30 0A",
                            "ABC40\\n",
                            "GOOD",
                            "6 bytes, xor '40' is right")))
        .anyMatch(
            row ->
                row.subList(1, 6)
                    .equals(
                        List.of(
                            "came",
                            "41 42 43 34 31 0A",
                            "ABC41\\n",
                            "BAD",
                            "checksum '41', expected '40'")));
    assertThat(run.progress()).contains("good frames");
  }

  /** What is not known to be a frame yet is seen all the same, once. */
  @Test
  void aFrameThatDoesNotEndIsShownAfterAMoment() throws Exception {
    Map<String, Object> listening = Map.of("port", instrument.port(), "partial.ms", 60_000L);
    Deque<String> sayings = new ArrayDeque<>(List.of("\nHAL", "LO\nNEXT\n"));
    TrialRun run = new TrialRun(List.of());
    run.until(
        () -> {
          // The end of the frame comes when its beginning was seen.
          int said = 2 - sayings.size();
          boolean next = said == 0 ? instrument.clients() == 1 : shown(run, "HAL");
          if (next && !sayings.isEmpty()) {
            instrument.say(sayings.remove());
          }
          return shown(run, "NEXT");
        });

    tools.run(pid(), "monitor", listening, Map.of("seconds", "60"), run);

    assertThat(run.rows())
        .extracting(row -> row.substring(row.indexOf("|") + 1))
        .containsSubsequence(
            "came|48 41 4C|HAL|", "came|4C 4F 0A|LO\\n|GOOD", "came|4E 45 58 54 0A|NEXT\\n|GOOD");
  }

  private static boolean shown(TrialRun run, String text) {
    return run.rows().stream().anyMatch(row -> row.contains("|" + text));
  }

  @Test
  void whatIsSentAndWhatComesBackIsShown() throws Exception {
    RecordingRun run = new RecordingRun();
    tools.run(pid(), "send", settings(), Map.of("text", "?\\n", "seconds", "1"), run);
    assertThat(instrument.heard).containsExactly("?");
    assertThat(run.rows()).extracting(row -> row.get(1)).startsWith("sent").contains("came");
    assertThat(run.rows()).extracting(row -> row.get(2)).startsWith("3F 0A");
    assertThat(run.rows()).extracting(row -> row.get(3)).contains("21.5\\n");
  }

  @Test
  void aLineThatSendsByItselfIsWatchedBesideItsDevice() throws Exception {
    Map<String, Object> listening = Map.of("port", instrument.port());
    SerialSensor device = ports.sensor("port", instrument.port());
    RecordingRun run = new RecordingRun();
    ScheduledExecutorService talker = Executors.newSingleThreadScheduledExecutor();
    var talking =
        talker.scheduleWithFixedDelay(() -> instrument.say("7\r\n"), 0, 20, TimeUnit.MILLISECONDS);
    try {
      tools.run(pid(), "monitor", listening, Map.of("seconds", "1"), run);
    } finally {
      talking.cancel(true);
      talker.shutdownNow();
      device.deactivate();
    }
    assertThat(run.rows()).extracting(row -> row.get(3)).contains("7\\r\\n");
    assertThat(instrument.clients()).isEqualTo(1);
  }

  @Test
  void nothingToSendIsTold() {
    assertThatThrownBy(
            () ->
                tools.run(
                    pid(),
                    "send",
                    settings(),
                    Map.of("text", "", "seconds", "1"),
                    new RecordingRun()))
        .hasMessage("text: expected what to send, found nothing");
  }
}
