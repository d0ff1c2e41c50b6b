package io.snaprail.api.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresetTest {
  @Test
  void aFileIsSettingsPointsAndWhereTheyComeFrom() {
    Preset preset = Preset.read(PresetTest.class, "presets/acme-meter.csv");

    assertThat(preset.id()).isEqualTo("acme-meter");
    assertThat(preset.title()).isEqualTo("ACME meter");
    assertThat(preset.description())
        .isEqualTo("Set the port. The rest is as the maker delivers it.");
    assertThat(preset.source()).isEqualTo("ACME manual 4.2, section 7");
    assertThat(preset.settings())
        .containsExactly(
            Map.entry("baud", 4800L),
            Map.entry("stop.bits", "1"),
            Map.entry("echo", true),
            Map.entry("frame.end", "\\r\\n"),
            Map.entry("wait", " "),
            Map.entry("init", List.of("ON\\r", "GO\\r")),
            Map.entry("nothing", ""));
    assertThat(preset.points())
        .containsExactly("power,column:1,number,,0.1", "\"state\",column:2,\"bool(ON,OFF)\"");
    assertThat(preset.example()).isEqualTo("\\x0212.5\\r\\n\n\\x0213.0\\r\\n");
  }

  @Test
  void aFileThatIsMissingOrSaysTooLittleIsNamed() {
    assertThatThrownBy(() -> Preset.read(PresetTest.class, "presets/no.csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("presets/no.csv");
    assertThatThrownBy(() -> Preset.parse("x", List.of("# title: X", "a,b,c")))
        .hasMessageContaining("preset 'x': expected");
    assertThatThrownBy(
            () ->
                Preset.parse(
                    "x", List.of("# title: X", "# source: Y", "# setting: baud 9600", "a,b,c")))
        .hasMessageContaining("found 'baud 9600'");
  }
}
