package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.driver.modbus.TestConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void onlyTheHostMustBeGiven() {
    assertThat(settings("host", "10.0.0.5"))
        .isEqualTo(
            new Settings(
                "10.0.0.5",
                502,
                new ConnectionSettings(Duration.ofSeconds(3), 1, 1, Duration.ZERO, true),
                new UnitSettings(
                    1,
                    true,
                    WriteFunction.AUTO,
                    new ReadPlanner.Limits(125, ReadPlanner.Limits.AUTOMATIC),
                    Duration.ZERO,
                    Duration.ZERO)));
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
    "max.gap,-2,-1..124",
    "max.gap,125,-1..124",
    "request.timeout.ms,-1,0..600000",
    "request.timeout.ms,600001,0..600000",
    "pause.ms,-1,0..10000",
    "pause.ms,10001,0..10000",
    "max.connections,0,1..16",
    "max.connections,17,1..16",
    "max.outstanding,0,1..16",
    "max.outstanding,17,1..16",
    "connection.idle.s,-1,0..86400",
    "connection.idle.s,86401,0..86400",
    "connect.timeout.ms,9,10..60000",
    "connect.timeout.ms,60001,10..60000",
  })
  void aSettingOutOfRangeIsNamedWithItsRange(String key, int value, String range) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "h", key, value))
        .withMessage("%s: expected %s, found %d", key, range, value);
  }

  @Test
  void aRequestHasAllTheTimeOrAtLeastTenMilliseconds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "h", "request.timeout.ms", 9))
        .withMessage(
            "request.timeout.ms: expected 0 (the whole of timeout.ms) or 10..600000, found 9");
  }

  @Test
  void aWindowThatIsNoNumberIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("host", "h", "max.outstanding", "many"))
        .withMessage("max.outstanding: expected 1..16, found 'many'");
  }

  /** The same unit always has the same connection, and the units are spread evenly. */
  @ParameterizedTest
  @CsvSource({"1,1,1", "255,1,1", "1,4,1", "2,4,2", "4,4,4", "5,4,1", "0,4,4", "255,16,15"})
  void unitsAreDealtOutToTheConnections(int unit, int connections, int number) {
    assertThat(settings("host", "h", "unit", unit, "max.connections", connections).connection())
        .extracting(ConnectionSettings::number)
        .isEqualTo(number);
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
    return Settings.of(502, TestConfig.of(properties), properties);
  }
}
