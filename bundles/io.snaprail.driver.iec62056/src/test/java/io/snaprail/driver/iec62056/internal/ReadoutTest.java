package io.snaprail.driver.iec62056.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.driver.iec62056.Readouts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readouts; clauses are those of IEC 62056-21. */
class ReadoutTest {
  private static List<DataSet> taken(Readout readout, String text) throws BadReadoutException {
    List<DataSet> sets = null;
    for (char next : text.toCharArray()) {
      sets = readout.take(next);
    }
    return sets;
  }

  /** The block check character is the one of the meter's manual. */
  @Test
  void aBlockIsTakenWhenItsCheckCharacterIsRight() throws Exception {
    Readout readout = Readout.block(true);
    List<DataSet> sets = taken(readout, Readouts.em4tii());
    assertThat(readout.checked()).isTrue();
    assertThat(sets).hasSize(18);
    assertThat(sets.get(0))
        .isEqualTo(new DataSet("1-0:1.8.0*255", List.of(new DataSet.Item("000000000.0", "kWh"))));
    assertThat(sets.get(13).values()).containsExactly(new DataSet.Item("6.00", "Imp/kWh"));
  }

  /** Every single wrong bit is found: a sum of exclusive-or finds them all. */
  @Test
  void aBlockWithAWrongBitIsRefused() {
    String good = Readouts.em4tii();
    for (int i = 1; i < good.length(); i++) {
      for (int bit = 0; bit < 7; bit++) {
        StringBuilder bad = new StringBuilder(good);
        bad.setCharAt(i, (char) (good.charAt(i) ^ 1 << bit));
        assertThat(accepted(bad.toString())).as("character %d bit %d", i, bit).isFalse();
      }
    }
  }

  private static boolean accepted(String text) {
    Readout readout = Readout.block(true);
    try {
      for (char next : text.toCharArray()) {
        if (readout.take(next) != null) {
          return true;
        }
      }
      return false;
    } catch (BadReadoutException e) {
      assertThat(e.getMessage()).contains("expected");
      return false;
    }
  }

  /** DSMR 5.0.2 P1, clause 6.2: CRC-16/ARC from the slash to the exclamation mark. */
  @ParameterizedTest
  @CsvSource({"dsmr5, true, ISk, 37", "t210, true, EST, 18", "q3d, false, ESY, 9"})
  void aTelegramIsTakenWhereverOneBegins(String name, boolean checked, String maker, int count)
      throws Exception {
    String text = Readouts.text(name);
    Readout readout = Readout.telegram();
    List<DataSet> sets = taken(readout, text.substring(text.length() / 2) + text);
    assertThat(sets).hasSize(count);
    assertThat(readout.checked()).isEqualTo(checked);
    assertThat(readout.identification().manufacturer()).isEqualTo(maker);
    if (checked) {
      String bad = text.replaceFirst("1-0:1", "1-0:2");
      assertThatThrownBy(() -> taken(Readout.telegram(), bad)).hasMessageContaining("checksum");
    }
  }

  @Test
  void theChecksumHasItsCheckValue() {
    int crc = 0;
    for (char next : "123456789".toCharArray()) {
      crc = Readout.crc(crc, next);
    }
    assertThat(crc).isEqualTo(0xbb3d);
  }

  /** Clause 6.4.3.2, table of rates: 0..6 are confirmed, A..F are not, others change nothing. */
  @ParameterizedTest
  @CsvSource({
    "/EMH5\\@D4EM, EMH, 9600, true", "/ABC0x, ABC, 300, true", "/ABC6x, ABC, 19200, true",
    "/ABCAx, ABC, 600, false", "/ABCFx, ABC, 19200, false", "/ABC9x, ABC, 0, false",
    "/ABCgx, ABC, 0, false", "junk/LGZ4ZMD, LGZ, 4800, true"
  })
  void theRateIsInTheIdentification(String line, String maker, int baud, boolean confirmed)
      throws Exception {
    Identification identification = Identification.of(line);
    assertThat(identification.manufacturer()).isEqualTo(maker);
    assertThat(identification.baud()).isEqualTo(baud);
    assertThat(identification.confirmed()).isEqualTo(confirmed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/AB", "/ABC", "EMH5", "/A(C5x"})
  void alineThatIsNoIdentificationIsRefused(String line) {
    assertThatThrownBy(() -> Identification.of(line)).hasMessageContaining("expected");
  }

  @Test
  void severalSetsAndValuesMayStandInALine() throws Exception {
    assertThat(DataSet.all("1.6.1(12.3*kW)(0911010815)1.8.0*01(5)\r\n(7)(8)\r\nP.01()"))
        .containsExactly(
            new DataSet(
                "1.6.1",
                List.of(new DataSet.Item("12.3", "kW"), new DataSet.Item("0911010815", ""))),
            new DataSet("1.8.0*01", List.of(new DataSet.Item("5", ""))),
            new DataSet("", List.of(new DataSet.Item("7", ""), new DataSet.Item("8", ""))),
            new DataSet("P.01", List.of(new DataSet.Item("", ""))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0(5", "1.8.0)5(", "1.8.0((5))", "1.8.0(5\r\n)", "1.8\u00010(5)"})
  void aBlockThatIsNoneIsRefused(String block) {
    assertThatThrownBy(() -> DataSet.all(block)).hasMessageContaining("expected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.8.0(5)\r\n!\r\n",
        "\u00021.8.0(5)\r\n!x\r\n",
        "\u00021.8.0(5)\r\n!\r\nx",
        "\u0002\u0003"
      })
  void aBlockWithoutItsEndsIsRefusedInModeC(String text) {
    assertThatThrownBy(() -> taken(Readout.block(true), text)).hasMessageContaining("expected");
  }

  @Test
  void aReadoutWithoutEndIsRefused() {
    assertThatThrownBy(() -> taken(Readout.block(true), "\u0002" + "x".repeat(Readout.LONGEST + 1)))
        .hasMessageContaining("at most");
  }

  @Test
  void parityIsMadeAndChecked() throws Exception {
    byte[] sent = Parities.even(new byte[] {'/', '?', '!'});
    assertThat(sent).containsExactly(0xaf, 0x3f, 0x21);
    assertThat(Parities.character(sent[0])).isEqualTo('/');
    assertThatThrownBy(() -> Parities.character((byte) '/')).hasMessageContaining("even parity");
  }
}
