package io.snaprail.core.internal.points;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.api.model.Value;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingTest {

  @ParameterizedTest
  @CsvSource({
    // raw, scale, offset, engineering: the double nearest to the true decimal
    "215, 0.1, 0, 21.5",
    "3, 0.1, 0, 0.3",
    "7, 0.01, -40, -39.93",
    "32767, 0.001, 0, 32.767",
    "4294967295, 0.1, 0, 4.294967295E8",
    "1, 0.00000000000000000000000001, 0, 1.0E-26",
    "9007199254740993, 0.1, 0, 9.007199254740993E14",
    "10, 3, 1, 31",
    "-5, 10, 0, -50",
    "5, 1, 0.5, 5.5",
  })
  void scalesWholeNumbersInDecimal(long raw, String scale, String offset, String expected) {
    assertThat(scaling(scale, offset).toEngineering(raw).number())
        .isEqualTo(Double.parseDouble(expected));
  }

  @Test
  void neverOverflowsInSilence() {
    assertThat(scaling("1000", "0").toEngineering(Long.MAX_VALUE).number())
        .isEqualTo(9.223372036854776E21);
  }

  @Test
  void leavesUnscaledNumbersAsTheyAre() {
    Scaling same = scaling("1", "0");
    assertThat(same.toEngineering(Long.MIN_VALUE)).isEqualTo(new Value.Int(Long.MIN_VALUE));
    assertThat(same.toEngineering(0.1f).text()).isEqualTo("0.1");
    assertThat(same.toEngineering(0.1).text()).isEqualTo("0.1");
  }

  @Test
  void keepsSinglePrecisionWhenScaling() {
    assertThat(scaling("10", "0").toEngineering(0.1f).text()).isEqualTo("1.0");
  }

  @ParameterizedTest
  @CsvSource({
    "21.5, 0.1, 0, 215",
    "0.3, 0.1, 0, 3",
    "-39.93, 0.01, -40, 7",
    "0.99990000000000001, 0.3333, 0, 3",
    "12345, 1, 0, 12345",
  })
  void turnsEngineeringBackIntoWholeRaw(double value, String scale, String offset, long raw) {
    assertThat(scaling(scale, offset).toRaw(new Value.Float64(value)))
        .isEqualTo(new Value.Int(raw));
  }

  @Test
  void doesNotRoundAValueThatLiesBetweenTwoRawOnes() {
    assertThat(scaling("0.1", "0").toRaw(new Value.Float64(21.53)))
        .isEqualTo(new Value.Float64(215.3));
    assertThat(scaling("1", "0").toRaw(new Value.Float64(21.0000000001)))
        .isEqualTo(new Value.Float64(21.0000000001));
  }

  private static Scaling scaling(String scale, String offset) {
    return new Scaling(
        new PointDefinition(
            "p",
            "a",
            "int16",
            "",
            new BigDecimal(scale),
            new BigDecimal(offset),
            "",
            Access.READ_WRITE,
            null,
            0,
            null,
            null,
            "",
            SourceLocation.NONE));
  }
}
