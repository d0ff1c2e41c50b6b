package io.snaprail.driver.modbus.internal.codec;

import static io.snaprail.driver.modbus.internal.codec.OnTheLine.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterOrderTest {
  /** The letters say where each byte of 0x0A0B0C0D stands on the line. */
  @ParameterizedTest
  @CsvSource({"ABCD,0A0B0C0D", "CDAB,0C0D0A0B", "BADC,0B0A0D0C", "DCBA,0D0C0B0A"})
  void thirtyTwoBitOrdersPutBytesWhereTheirLettersStand(String letters, String line) {
    RegisterOrder order = RegisterOrder.find(letters, 2);

    assertThat(order).isNotNull();
    assertThat(order.join(words(line), 0, 2)).isEqualTo(0x0A0B0C0DL);
    assertThat(order.split(0x0A0B0C0DL, 2)).containsExactly(words(line));
    assertThat(order.letters(2)).isEqualTo(letters);
  }

  @ParameterizedTest
  @CsvSource({"AB,0A0B", "BA,0B0A", "ba,0B0A"})
  void sixteenBitOrdersSwapTheBytesOrNot(String letters, String line) {
    RegisterOrder order = RegisterOrder.find(letters, 1);

    assertThat(order.join(words(line), 0, 1)).isEqualTo(0x0A0B);
    assertThat(order.split(0x0A0B, 1)).containsExactly(words(line));
  }

  @ParameterizedTest
  @CsvSource({
    "ABCDEFGH,0A0B0C0D0E0F1011",
    "GHEFCDAB,10110E0F0C0D0A0B",
    "BADCFEHG,0B0A0D0C0F0E1110",
    "HGFEDCBA,11100F0E0D0C0B0A"
  })
  void sixtyFourBitOrdersPutBytesWhereTheirLettersStand(String letters, String line) {
    RegisterOrder order = RegisterOrder.find(letters, 4);

    assertThat(order).isNotNull();
    assertThat(order.join(words(line), 0, 4)).isEqualTo(0x0A0B0C0D0E0F1011L);
    assertThat(order.split(0x0A0B0C0D0E0F1011L, 4)).containsExactly(words(line));
  }

  @Test
  void joinBeginsAtTheOffset() {
    assertThat(RegisterOrder.BIG_ENDIAN.join(words("FFFF00010002EEEE"), 1, 2)).isEqualTo(0x10002);
  }

  @Test
  void noOrderGivenIsMostSignificantFirst() {
    assertThat(RegisterOrder.find("", 2)).isEqualTo(RegisterOrder.BIG_ENDIAN);
  }

  @ParameterizedTest
  @CsvSource({"ABCD,1", "AB,2", "ACBD,2", "ABC,2", "X,1"})
  void anOrderOfAnotherWidthOrOfOtherLettersIsNone(String letters, int registers) {
    assertThat(RegisterOrder.find(letters, registers)).isNull();
  }
}
