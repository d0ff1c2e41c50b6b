package io.snaprail.driver.mbus.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.driver.mbus.Telegrams;
import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import io.snaprail.driver.mbus.internal.link.Frame;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openmuc.jmbus.Bcd;
import org.openmuc.jmbus.VariableDataStructure;

/** Telegrams of meters; clauses are those of EN 13757-3. */
class TelegramTest {
  private static List<String> texts(String name) throws BrokenFrameException {
    return Telegram.of(Telegrams.frame(name), 0).records().stream()
        .map(r -> r.address() + "|" + r.text() + "|" + r.unit())
        .toList();
  }

  /** Values as the display of the meter and libmbus give them. */
  @Test
  void aWaterMeterTellsItsRecords() throws Exception {
    Telegram telegram = Telegram.of(Telegrams.frame("EFE_Engelmann-WaterStar"), 0);

    assertThat(Identity.of(telegram.meter())).isEqualTo(new Identity("04990254", "EFE", 0, 6));
    assertThat(telegram.accessNumber()).isEqualTo(0x0c);
    assertThat(telegram.status()).isEqualTo(0x27);
    assertThat(texts("EFE_Engelmann-WaterStar"))
        .containsExactly(
            "fabrication-number|4990254|",
            "date-time|2014-03-13T12:10|",
            "volume|0.332|m³",
            "volume storage=1|0.331|m³",
            "volume storage=2|0.332|m³",
            "date storage=1|2013-12-31|",
            "date|2014-12-31|",
            "volume-flow|0.000|m³/h",
            "volume-flow function=max|2.070|m³/h",
            "on-time|102902400|s",
            "error-flags|0|",
            "volume vife=28|0.000008|");
  }

  /** Table 15: BE 50 is how long the lower limit of the flow was exceeded, and no flow. */
  @Test
  void anExtensionMayMakeADurationOfAFlow() throws Exception {
    assertThat(texts("SEN_Pollustat"))
        .contains(
            "volume-flow vife=50|11582321|s", "volume-flow vife=58|756|s", "power|-170.72178|W")
        .contains("energy vife=3B|39831000|Wh");
  }

  /** Annex A, type A: letters in a decimal number mean that there is none. */
  @Test
  void aDecimalNumberWithLettersIsNoValue() throws Exception {
    List<String> all = texts("abb_f95");
    assertThat(all.get(2)).startsWith("power function=error|(the meter gives DDEBB4DD");
    assertThat(all).hasSize(14).contains("flow-temperature|20.4|°C");
  }

  /** Clause 6.4: the unit as a text behind FC; 74 is a factor of 0.01. */
  @Test
  void aUnitMayBeAText() throws Exception {
    assertThat(texts("elv_temp_humid"))
        .contains("plain|45.64|%RH", "external-temperature|22.56|°C");
    assertThat(texts("example_binary16_lvar"))
        .containsExactly("plain|173ED1DCB31AB53D0193A6272A5B0796|PW");
  }

  private static Telegram of(String hex) throws BrokenFrameException {
    byte[] data = HexFormat.of().parseHex(hex.replace(" ", ""));
    return Telegram.of(new Frame.Data(8, 1, 0x78, data), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0B 61 18 00 F0, -0.18, a minus is F in the highest digit",
    "02 5B 00 80, '(the meter gives 8000, which means not valid)', the lowest number means none",
    "01 5B 80, -128, but not with eight bits",
    "04 6D 80 00 21 15, '(the meter says that its time is not valid)', bit IV",
    "42 6C FF FF, '(the meter gives FFFF, which is no date or time)', no date",
    "02 FD 17 FF FF, 65535, flags are never negative",
    "84 7D 13 01 00 00 00, 0.001, storage and tariff in an extension",
    "02 93 3C 05 00, 0.005, direction told by an extension",
    "02 FD C7 7D 05 00, 50.00, a factor of a thousand",
    "01 8B 15 05, '(the meter tells fault 15 of this record)', no data available",
    "06 6D 1E 1F 0D 55 3B 2E, 2026-11-21T13:31:30, type I",
    "0D 78 04 34 33 32 31, 1234, text",
    "0D 78 C2 34 12, 1234, decimal of variable length",
    "0D 78 D2 34 12, -1234, negative decimal of variable length",
    "05 2E 00 00 C0 7F, (not a number), NaN",
    "07 03 FF FF FF FF FF FF FF 7F, 9223372036854775807, 64 bits"
  })
  void dataFieldsAreReadAsAnnexASays(String hex, String text, String why) throws Exception {
    Telegram telegram = of(hex);
    assertThat(telegram.fault()).as(why).isEmpty();
    assertThat(telegram.records()).as(why).hasSize(1);
    assertThat(telegram.records().get(0).text()).as(why).isEqualTo(text);
  }

  /** Clause 6.3.3: each extension has four bits of the storage, two of the tariff, one subunit. */
  @Test
  void extensionsOfTheDataInformationCountUp() throws Exception {
    DataRecord record = of("C4 8F 5F 13 01 00 00 00").records().get(0);
    assertThat(record.storage()).isEqualTo(1 + (15 << 1) + (15L << 5));
    assertThat(record.tariff()).isEqualTo(1 << 2);
    assertThat(record.subunit()).isEqualTo(2);
    assertThat(of("84 80 80 80 80 80 80 80 80 80 0F 13 01 00 00 00").records().get(0).storage())
        .isEqualTo(15L << 37);
  }

  /** What comes behind a record that is cut off cannot be told; those before it are whole. */
  @ParameterizedTest
  @ValueSource(strings = {"04 13 01 00 00", "0D 78", "0D 78 FF", "3F", "84", "04", "04 93"})
  void aRecordThatIsCutOffEndsTheRecords(String hex) throws Exception {
    Telegram telegram = of("01 13 05 " + hex);
    assertThat(telegram.records()).hasSize(1);
    assertThat(telegram.fault()).isNotEmpty();
  }

  @Test
  void moreThanTenExtensionsAreRefused() throws Exception {
    assertThat(of("84 80 80 80 80 80 80 80 80 80 80 00 13 01 00 00 00").fault()).contains("10");
    assertThat(of("01" + " 93" + " BC".repeat(10) + " 3C 05").fault()).contains("10");
  }

  @Test
  void anAnswerOfAnotherKindIsRefusedWithItsReason() {
    assertThatThrownBy(() -> Telegram.of(new Frame.Data(8, 1, 0x73, new byte[20]), 0))
        .hasMessageContaining("fixed data structure");
    assertThatThrownBy(() -> Telegram.of(new Frame.Data(8, 1, 0x70, new byte[] {8}), 0))
        .hasMessageContaining("application error 08");
    assertThatThrownBy(() -> Telegram.of(new Frame.Data(8, 1, 0x51, new byte[20]), 0))
        .hasMessageContaining("51");
    byte[] encrypted = new byte[30];
    encrypted[11] = 5;
    encrypted[10] = 0x10;
    assertThatThrownBy(() -> Telegram.of(new Frame.Data(8, 1, 0x72, encrypted), 0))
        .hasMessageContaining("encrypts");
    assertThatThrownBy(() -> Telegram.of(new Frame.Data(8, 1, 0x72, new byte[5]), 0))
        .hasMessageContaining("header");
  }

  static Stream<String> names() {
    // jMBus does not know the length F0, which is of EN 13757-3:2018.
    return Telegrams.all().keySet().stream().filter(n -> !n.startsWith("example")).sorted();
  }

  /**
   * The same numbers as jMBus, which nobody here wrote, finds: for records without the extensions
   * and the letters in decimal numbers that it does not look at.
   */
  @ParameterizedTest
  @MethodSource("names")
  void jmbusReadsTheSame(String name) throws Exception {
    byte[] bytes = Telegrams.bytes(name);
    VariableDataStructure theirs =
        new VariableDataStructure(bytes, 6, bytes.length - 6, null, null);
    theirs.decode();
    Telegram ours = Telegram.of(Telegrams.frame(name), 0);

    assertThat(ours.records()).hasSameSizeAs(theirs.getDataRecords());
    assertThat(ours.more()).isEqualTo(theirs.moreRecordsFollow());
    int compared = 0;
    for (DataRecord record : ours.records()) {
      org.openmuc.jmbus.DataRecord their = theirs.getDataRecords().get(record.number());
      assertThat(record.storage()).isEqualTo(their.getStorageNumber());
      assertThat(record.tariff()).isEqualTo(their.getTariff());
      assertThat(record.subunit()).isEqualTo(their.getSubunit());
      boolean plain = record.extensions().isEmpty() && record.information().length() <= 4;
      if (plain && record.content() instanceof Content.Whole whole) {
        Object value = their.getDataValue();
        assertThat(whole.value())
            .as("record %s", record)
            .isEqualTo(value instanceof Bcd bcd ? bcd.longValue() : value);
        if (!record.unit().equals("s") && record.scaled() != null) {
          assertThat(record.scaled())
              .isEqualByComparingTo(
                  BigDecimal.valueOf(whole.value())
                      .scaleByPowerOfTen(their.getMultiplierExponent()));
        }
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  @Test
  void anAddressFitsTheRecordThatItDescribesAndNoOther() throws Exception {
    List<DataRecord> records =
        new ArrayList<>(Telegram.of(Telegrams.frame("EFE_Engelmann-WaterStar"), 0).records());
    for (DataRecord record : records) {
      assertThat(records.stream().filter(RecordAddress.parse(record.address()).fits()))
          .containsExactly(record);
      assertThat(records.stream().filter(RecordAddress.parse("record:" + record.number()).fits()))
          .containsExactly(record);
    }
    assertThat(records.stream().filter(RecordAddress.parse("volume vib=9028").fits())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "record:",
        "record:x",
        "enrgy",
        "energy storage=x",
        "energy storage",
        "energy foo=1",
        "energy storage=1 storage=1",
        "energy function=top",
        "energy vife=5"
      })
  void aWrongAddressIsNamed(String address) {
    assertThatThrownBy(() -> RecordAddress.parse(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("address '" + address + "'")
        .hasMessageContaining("expected");
  }
}
