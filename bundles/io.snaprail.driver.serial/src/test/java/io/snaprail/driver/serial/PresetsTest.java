package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Preset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every preset against frames of the description that it names as its source. */
class PresetsTest {
  private final Ports ports = new Ports();
  private final DriverTools tools = new SerialTools(ports.lines);

  @AfterEach
  void close() {
    ports.close();
  }

  private Preset preset(String id) {
    return tools.presets(SerialSensor.PID).stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private TrialRun tried(String id, String frames) throws Exception {
    Preset preset = preset(id);
    TrialRun run = new TrialRun(preset.points());
    Map<String, String> parameters = new HashMap<>();
    parameters.put("frames", frames);
    parameters.put("form", "text");
    parameters.put("ending", "\\r\\n");
    parameters.put("begins", "true");
    parameters.put("asked", "");
    tools.run(SerialSensor.PID, "try", preset.settings(), parameters, run);
    assertThat(run.buses()).isEmpty();
    return run;
  }

  private Map<String, String> values(String id, String... frames) throws Exception {
    return tried(id, String.join("\n", frames)).values();
  }

  /** What people see first is right: every example is frames, all of them good, of good points. */
  @Test
  void theExampleOfEveryPresetGivesValues() throws Exception {
    for (Preset preset : tools.presets(SerialSensor.PID)) {
      TrialRun run = tried(preset.id(), preset.example());
      assertThat(run.rows()).as(preset.id()).isNotEmpty().noneMatch(r -> r.startsWith("skipped"));
      assertThat(run.values().keySet())
          .as(preset.id())
          .hasSameSizeAs(run.points().good())
          .hasSameSizeAs(preset.points());
    }
    assertThat(tools.presets(SerialSensor.PID)).hasSize(10);
  }

  /** NMEA 0183, RMC and GGA as Trimble and the University of Hohenheim describe them. */
  @Test
  void gpsReceiver() throws Exception {
    Map<String, String> values =
        values(
            "nmea-gps",
            "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A",
            "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47");

    // 48 degrees 7.038 minutes north, 11 degrees 31 minutes east; 22.4 knots.
    assertThat(values)
        .containsEntry("latitude", "48.1173 deg")
        .containsEntry("longitude", "11.516666667 deg")
        .containsEntry("course", "84.4 deg")
        .containsEntry("fix", "true")
        .containsEntry("time", "123519")
        .containsEntry("date", "230394")
        .containsEntry("quality", "1")
        .containsEntry("satellites", "8")
        .containsEntry("hdop", "0.9")
        .containsEntry("altitude", "545.4 m");
    assertThat(values.get("speed")).startsWith("41.48").endsWith(" km/h");
  }

  /**
   * A receiver with a record of a drive in Quebec: other talkers and decimals; west is negative.
   */
  @Test
  void gpsReceiverWithOtherDecimals() throws Exception {
    assertThat(
            values(
                "nmea-gps",
                "$GPGGA,185312.000,4524.2243,N,07327.6925,W,2,8,0.99,29.4,M,-31.9,M,0000,0000*59",
                "$GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E*68"))
        .containsEntry("quality", "2")
        .containsEntry("altitude", "29.4 m")
        .containsEntry("latitude", "49.274166667 deg")
        .containsEntry("longitude", "-123.185333333 deg")
        .containsEntry("speed", "0.926 km/h");
  }

  @Test
  void aGpsSentenceWithADamagedByteIsNoFrame() throws Exception {
    TrialRun run =
        tried("nmea-gps", "$GPRMC,123519,A,4807.039,N,01131.000,E,022.4,084.4,230394,003.1,W*6A");

    assertThat(run.rows().get(0))
        .startsWith("skipped||$GPRMC")
        .endsWith("|BAD|checksum '6A', expected '6B'");
    assertThat(run.values()).containsEntry("latitude", "no frame with this point");
  }

  /** RMC with status V (Garmin: "NAV receiver warning"): no position is taken from it. */
  @Test
  void aGpsReceiverWithoutAFixHasNoPosition() throws Exception {
    assertThat(
            values(
                "nmea-gps", "$GPRMC,081836,V,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E*75"))
        .containsEntry("fix", "false")
        .containsEntry("latitude", "no frame with this point");
  }

  /** Gill 1405-PS-0019, 9.1: direction 229 degrees, 2.74 m/s, checksum 16. */
  @Test
  void anemometer() throws Exception {
    assertThat(values("gill-windsonic", "\\x02Q,229,002.74,M,00,\\x0316"))
        .containsEntry("direction", "229 deg")
        .containsEntry("speed", "2.74 m/s")
        .containsEntry("status", "00");
    // In a calm there is no direction.
    assertThat(values("gill-windsonic", "\\x02Q,,000.01,M,00,\\x032F"))
        .containsEntry("direction", "the device gave no value: the field is empty")
        .containsEntry("speed", "0.01 m/s");
  }

  /** MT-SICS: S is stable, D is not, + and - are overload and underload. */
  @Test
  void mettlerToledoScale() throws Exception {
    assertThat(values("mettler-toledo-sics", "S S     100.00 g"))
        .containsEntry("weight", "100.0")
        .containsEntry("stable", "true")
        .containsEntry("unit", "g");
    assertThat(values("mettler-toledo-sics", "S D      -0.05 kg"))
        .containsEntry("weight", "-0.05")
        .containsEntry("stable", "false")
        .containsEntry("unit", "kg");
    assertThat(values("mettler-toledo-sics", "S +"))
        .containsEntry("weight", "the frame does not match the pattern");
  }

  /** Sartorius SBI with 22 and with 16 characters; Stat is a state instead of a weight. */
  @Test
  void sartoriusScale() throws Exception {
    assertThat(values("sartorius-sbi", "G#    +   1255.7 g  "))
        .containsEntry("weight", "1255.7")
        .containsEntry("unit", "g");
    assertThat(values("sartorius-sbi", "N     -   123.56 kg "))
        .containsEntry("weight", "-123.56")
        .containsEntry("unit", "kg");
    assertThat(values("sartorius-sbi", "+   123.56 g  ")).containsEntry("weight", "123.56");
    assertThat(values("sartorius-sbi", "+      253 pcs"))
        .containsEntry("weight", "253")
        .containsEntry("unit", "pcs");
    assertThat(values("sartorius-sbi", "Stat         H      "))
        .containsEntry("weight", "the frame does not match the pattern");
  }

  /** KERN KXS-TM, 14.1: unstable, tare, and "plus OL"; TI-02-P, 7.1, with a comma. */
  @Test
  void scaleThatSendsStableAndGross() throws Exception {
    assertThat(values("scale-st-gs", "US,GS,+01234.56  lb"))
        .containsEntry("weight", "1234.56")
        .containsEntry("stable", "false")
        .containsEntry("kind", "GS")
        .containsEntry("unit", "lb");
    assertThat(values("scale-st-gs", "ST,NT,+1.23.456  tl.g").get("weight"))
        .isEqualTo("the frame does not match the pattern");
    assertThat(values("scale-st-gs", "ST,GS   12.345,kg")).containsEntry("weight", "12.345");
    assertThat(values("scale-st-gs", "OL,GS,+            "))
        .containsEntry("weight", "the frame does not match the pattern");
  }

  /** 34401A: SD.DDDDDDDDESDD over RS-232; 9.9E+37 is overload (SCPI 1999, volume 1, 7.2.1.5). */
  @Test
  void multimeter() throws Exception {
    assertThat(values("scpi-multimeter", "+4.23450000E-03", "HEWLETT-PACKARD, 53131A,0,3427"))
        .containsEntry("voltage", "0.0042345 V")
        .containsEntry("maker", "HEWLETT-PACKARD")
        .containsEntry("model", "53131A");
    assertThat(values("scpi-multimeter", "+9.90000000E+37").get("voltage"))
        .contains("which means that it has no value");
  }

  /** ADAM-4000 manual, p. 5-13: the answer of module 21. */
  @Test
  void analogInputs() throws Exception {
    assertThat(values("adam-4000", ">+7.2111+7.2567+7.3125+7.1000+7.4712+7.2555+7.1234+7.5678\\r"))
        .containsEntry("channel-0", "7.2111")
        .containsEntry("channel-3", "7.1")
        .containsEntry("channel-7", "7.5678");
    assertThat(values("adam-4000", "?21\\r"))
        .containsEntry("channel-0", "no frame with this point");
  }

  /** TSM 125, section 8: the five examples. */
  @Test
  void thermometer() throws Exception {
    assertThat(values("ascii-thermometer", "121.1")).containsEntry("temperature", "121.1 °C");
    assertThat(values("ascii-thermometer", "  1.5")).containsEntry("temperature", "1.5 °C");
    assertThat(values("ascii-thermometer", "-11.2")).containsEntry("temperature", "-11.2 °C");
    assertThat(values("ascii-thermometer", "Err.1"))
        .containsEntry("temperature", "expected a number, found 'Err.1'");
  }

  /** HMP230 manual, p. 87; HMT330 guide, p. 102. */
  @Test
  void humidity() throws Exception {
    assertThat(
            values(
                "vaisala-hmt",
                "RH= 43.0 %RH T= 21.0 'C Tdp= 8.0 'C x= 6.7 g/kg Tw= 13.7 'C h=34.4 kJ/kg"))
        .containsEntry("humidity", "43.0 %RH")
        .containsEntry("temperature", "21.0 °C")
        .containsEntry("dewpoint", "8.0 °C");
    assertThat(values("vaisala-hmt", "RH= 98.4 %RH T= 31.1 'C"))
        .containsEntry("temperature", "31.1 °C")
        .containsEntry("dewpoint", "the frame has no 'dewpoint'");
  }

  /** RADWAG, p. 134: prefix 01 and suffix 0D; AIM identifier of EAN-13. */
  @Test
  void barcodeReader() throws Exception {
    assertThat(values("barcode-reader", "\\x0100210126\\r")).containsEntry("code", "00210126");
    assertThat(values("barcode-reader", "]E01101234567891")).containsEntry("code", "1101234567891");
    assertThat(values("barcode-reader", "\\x02CODE 39 TEST\\x03\\r\\n"))
        .containsEntry("code", "CODE 39 TEST");
  }
}
