package io.snaprail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.TrialDevice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the tools of every driver keep to, as tests: extend it, and the suite runs. Clauses are
 * those of {@link DriverTools} and {@link Tool}.
 */
public abstract class DriverToolsContract {

  /** The tools under test. */
  protected abstract DriverTools tools();

  /** Factory PID of the devices that are tried. */
  protected abstract String pid();

  /** Settings that lead to a device that is there. */
  protected abstract Map<String, Object> settings();

  /** A setting that no device can have, by its key. */
  protected abstract Map.Entry<String, Object> wrong();

  /** How many requests the device has seen. */
  protected abstract int requests();

  /** DriverTools.open: "Does no input or output"; TrialDevice.close: "again does nothing". */
  @Test
  void openingAndClosingAsksTheDeviceNothing() {
    TrialDevice device = tools().open(pid(), settings());
    assertThat(device.bus()).isNotBlank();

    device.close();
    device.close();

    assertThat(requests()).isZero();
  }

  /** DriverTools.open: "when a setting is wrong; the message names key, expected and found". */
  @Test
  void aWrongSettingIsRefusedWithItsKey() {
    assertThatThrownBy(() -> tools().open(pid(), wrongSettings()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wrong().getKey())
        .hasMessageContaining(String.valueOf(wrong().getValue()));
  }

  /** DriverTools.run: the same of a run; nothing has reached the bus by then. */
  @Test
  void aRunWithAWrongSettingIsRefusedBeforeTheBusIsUsed() {
    for (Tool tool : tools().tools(pid())) {
      RecordingRun run = new RecordingRun();
      assertThatThrownBy(
              () -> tools().run(pid(), tool.id(), wrongSettings(), parameters(tool), run))
          .as(tool.id())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong().getKey());
      assertThat(run.buses()).isEmpty();
    }
  }

  /** Tool: "id in lower case with hyphens"; what a parameter is unless it is given is allowed. */
  @Test
  void toolsAreDescribed() {
    List<Tool> all = tools().tools(pid());
    assertThat(all).extracting(Tool::id).doesNotHaveDuplicates();
    for (Tool tool : all) {
      assertThat(tool.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
      assertThat(tool.title()).isNotBlank();
      assertThat(tool.description()).isNotBlank();
      assertThat(tool.parameters()).extracting(Tool.Parameter::id).doesNotHaveDuplicates();
      tool.parameters().forEach(DriverToolsContract::allowed);
    }
  }

  private static void allowed(Tool.Parameter parameter) {
    assertThat(parameter.label()).isNotBlank();
    switch (parameter.kind()) {
      case WHOLE ->
          assertThat(Long.parseLong(parameter.initial()))
              .as(parameter.id())
              .isBetween(parameter.min(), parameter.max());
      case BOOLEAN -> assertThat(parameter.initial()).as(parameter.id()).isIn("true", "false");
      case CHOICE -> assertThat(parameter.choices()).contains(parameter.initial());
      case TEXT -> assertThat(parameter.initial()).hasSizeLessThanOrEqualTo(4_096);
      case LINES -> assertThat(parameter.initial()).hasSizeLessThanOrEqualTo(65_536);
    }
  }

  /** DriverTools.run: "uses a bus through ToolRun.onBus only"; a row has a cell a column. */
  @Test
  void everyToolRunsOnTheBusOfItsDevice() throws Exception {
    String bus;
    try (TrialDevice device = tools().open(pid(), settings())) {
      bus = device.bus();
    }
    for (Tool tool : tools().tools(pid())) {
      RecordingRun run = new RecordingRun();
      try {
        tools().run(pid(), tool.id(), settings(), parameters(tool), run);
      } catch (DriverException e) {
        // A device need not know everything.
        assertThat(e.getMessage()).isNotBlank();
      }
      assertThat(run.buses()).as(tool.id()).allMatch(bus::equals);
      assertThat(run.rows()).allMatch(row -> row.size() == tool.columns().size());
    }
  }

  /** Preset: from which people go on, so everything but the way to the device is there. */
  @Test
  void presetsAreSettingsOfTheDriver() {
    List<Preset> presets = tools().presets(pid());
    assertThat(presets).extracting(Preset::id).doesNotHaveDuplicates();
    for (Preset preset : presets) {
      assertThat(preset.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
      assertThat(preset.title()).isNotBlank();
      assertThat(preset.source()).as(preset.id()).isNotBlank();
      assertThat(preset.points()).as(preset.id()).isNotEmpty();
      Map<String, Object> settings = new HashMap<>(settings());
      settings.putAll(preset.settings());
      assertThatCode(() -> tools().check(pid(), settings))
          .as(preset.id())
          .doesNotThrowAnyException();
    }
  }

  /** ToolRun.cancelled: "which it looks at between requests". */
  @Test
  void aToolEndsSoonWhenItIsCancelled() throws Exception {
    for (Tool tool : tools().tools(pid())) {
      RecordingRun run = new RecordingRun().cancelledAfter(1);
      try {
        tools().run(pid(), tool.id(), settings(), parameters(tool), run);
      } catch (DriverException | InterruptedException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
      assertThat(run.buses()).as(tool.id()).hasSizeLessThanOrEqualTo(1);
    }
  }

  /** DriverTools.run: "id of one of its tools". */
  @Test
  void aToolThatThereIsNotIsRefused() {
    assertThatThrownBy(
            () -> tools().run(pid(), "no-such-tool", settings(), Map.of(), new RecordingRun()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no-such-tool");
  }

  private Map<String, Object> wrongSettings() {
    Map<String, Object> settings = new HashMap<>(settings());
    settings.put(wrong().getKey(), wrong().getValue());
    return settings;
  }

  /** What a tool is given: what its parameters are unless they are given. */
  protected Map<String, String> parameters(Tool tool) {
    Map<String, String> parameters = new HashMap<>();
    tool.parameters().forEach(p -> parameters.put(p.id(), p.initial()));
    return parameters;
  }
}
