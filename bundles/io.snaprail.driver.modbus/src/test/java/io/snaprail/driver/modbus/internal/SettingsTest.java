package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.driver.modbus.TestConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void onlyTheHostMustBeGiven() {
    assertThat(settings("host", "10.0.0.5"))
        .isEqualTo(
            new Settings("10.0.0.5", 502, 1, true, false, new ReadPlanner.Limits(125, 32), 3000));
  }

  @Test
  void aHostIsKnownByItsNameInLowerCaseWithoutBrackets() {
    assertThat(settings("host", " PLC-1.Example ").host()).isEqualTo("plc-1.example");
    assertThat(settings("host", "[::1]").host()).isEqualTo("::1");
  }

  @Test
  void withoutHostTheKeyIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings())
        .withMessage(
            "host: expected the name or address of the device, such as 10.0.0.5; found nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "http://plc"))
        .withMessageContaining("found 'http://plc'");
  }

  @ParameterizedTest
  @CsvSource({
    "port,0,1..65535",
    "port,65536,1..65535",
    "unit,-1,0..255",
    "unit,256,0..255",
    "max.registers,0,1..125",
    "max.registers,126,1..125",
    "max.gap,-1,0..124",
    "max.gap,125,0..124",
    "connect.timeout.ms,9,10..60000",
    "connect.timeout.ms,60001,10..60000",
  })
  void aSettingOutOfRangeIsNamedWithItsRange(String key, int value, String range) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "h", key, value))
        .withMessage("%s: expected %s, found %d", key, range, value);
  }

  @ParameterizedTest
  @CsvSource({"port,1", "port,65535", "unit,0", "unit,255", "max.registers,1", "max.gap,124"})
  void theEndsOfARangeAreInIt(String key, int value) {
    assertThat(settings("host", "h", key, value)).isNotNull();
  }

  /** The framework cuts 502.7 to 502 and 4294967798 to 502 without a word. */
  @Test
  void aNumberThatWasCutToSizeIsNotTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "h", "port", 502.7))
        .withMessage("port: expected 1..65535, found 502.7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "h", "port", 4_294_967_798L))
        .withMessage("port: expected 1..65535, found 4294967798");
    assertThat(settings("host", "h", "port", 503L).port()).isEqualTo(503);
  }

  private static Settings settings(Object... keysAndValues) {
    Map<String, Object> properties = TestConfig.properties(keysAndValues);
    return Settings.of(TestConfig.of(properties), properties);
  }
}
