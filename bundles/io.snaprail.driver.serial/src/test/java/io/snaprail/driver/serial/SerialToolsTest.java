package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.RecordingRun;
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
