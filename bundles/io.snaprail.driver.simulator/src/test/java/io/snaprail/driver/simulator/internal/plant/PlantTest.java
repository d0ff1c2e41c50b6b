package io.snaprail.driver.simulator.internal.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.driver.simulator.internal.slave.ModbusException;
import io.snaprail.driver.simulator.internal.slave.RegisterBank.Bits;
import io.snaprail.driver.simulator.internal.slave.RegisterBank.Registers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The plant on a clock that the test moves. */
class PlantTest {
  private long now;
  private final Plant plant = new Plant(() -> now);

  private void pass(int seconds) throws ModbusException {
    for (int i = 0; i < seconds; i++) {
      now += 1_000_000_000L;
      plant.read(Bits.COIL, 0, 1);
    }
  }

  private int input(int address) throws ModbusException {
    return plant.read(Registers.INPUT, address, 1)[0];
  }

  private double temperature() throws ModbusException {
    return (short) input(0) / 10.0;
  }

  private long input32(int address) throws ModbusException {
    int[] words = plant.read(Registers.INPUT, address, 2);
    return (long) words[0] << 16 | words[1];
  }

  @Test
  void theBoilerFollowsItsSetpointUpAndDown() throws Exception {
    pass(600);
    assertThat(temperature()).isBetween(60.0, 70.0);
    plant.write(0, new int[] {800});
    pass(600);
    assertThat(temperature()).isBetween(75.0, 85.0);
    plant.write(0, new int[] {300});
    pass(600);
    assertThat(temperature()).isBetween(25.0, 60.0);
  }

  @Test
  void withoutTheBurnerItCoolsAndCountsNothing() throws Exception {
    pass(60);
    plant.write(0, new boolean[] {false});
    pass(1);
    double before = temperature();
    long energy = input32(4);
    pass(120);
    assertThat(temperature()).isLessThan(before - 3);
    assertThat(input32(4)).isEqualTo(energy);
    assertThat(plant.read(Bits.DISCRETE, 0, 1)[0]).isFalse();
    assertThat(Float.intBitsToFloat((int) input32(8))).isEqualTo(0f);
    assertThat((int) input32(10)).isNegative();
    plant.write(0, new boolean[] {true});
    pass(30);
    assertThat(input32(4)).isGreaterThan(energy);
    assertThat(plant.read(Bits.DISCRETE, 0, 1)[0]).isTrue();
  }

  @Test
  void theTankFillsToTheBrimEmptiesWithoutThePumpAndCounts() throws Exception {
    pass(600);
    assertThat(input(2)).isBetween(850, 1000);
    int[] fillings = plant.read(Registers.HOLDING, 6, 2);
    assertThat(fillings[1]).isPositive();
    plant.write(6, new int[] {0, 0});
    assertThat(plant.read(Registers.HOLDING, 6, 2)).containsExactly(0, 0);
    plant.write(1, new boolean[] {false});
    pass(600);
    assertThat(input(2)).isZero();
    assertThat(plant.read(Bits.DISCRETE, 2, 2)).containsExactly(false, true);
    int[] volume = plant.read(Registers.INPUT, 14, 2);
    assertThat(volume).containsExactly(0, 0);
  }

  @Test
  void theSwappedFloatHasItsLowWordFirst() throws Exception {
    int[] words = plant.read(Registers.INPUT, 14, 2);
    assertThat(Float.intBitsToFloat(words[1] << 16 | words[0])).isEqualTo(1200f);
  }

  @Test
  void aLongPauseIsNotCaughtUpForEver() throws Exception {
    now += Long.MAX_VALUE / 4;
    assertThat(temperature()).isBetween(20.0, 100.0);
  }

  /** What would harm the plant is refused as a whole, with exception 3. */
  @ParameterizedTest
  @CsvSource({"0,199", "0,901", "0,65535", "1,101", "9,2", "8,1", "2,65535", "4,1"})
  void aHarmfulValueIsRefused(int address, int word) throws Exception {
    int[] before = plant.read(Registers.HOLDING, 0, 10);
    ModbusException e =
        catchThrowableOfType(ModbusException.class, () -> plant.write(address, new int[] {word}));
    assertThat(e.code()).isEqualTo(ModbusException.ILLEGAL_VALUE);
    assertThat(plant.read(Registers.HOLDING, 0, 10)).isEqualTo(before);
  }

  @Test
  void thereIsNothingBehindTheTables() {
    assertThat(
            List.of(
                catchThrowableOfType(ModbusException.class, () -> plant.read(Bits.COIL, 1, 2)),
                catchThrowableOfType(ModbusException.class, () -> plant.read(Bits.DISCRETE, 4, 1)),
                catchThrowableOfType(
                    ModbusException.class, () -> plant.read(Registers.HOLDING, 9, 2)),
                catchThrowableOfType(
                    ModbusException.class, () -> plant.read(Registers.INPUT, 16, 1))))
        .extracting(ModbusException::code)
        .containsOnly(ModbusException.ILLEGAL_ADDRESS);
  }

  static List<String> demoMap() throws Exception {
    List<String> lines =
        Files.readAllLines(Path.of("../../distribution/demo/config/maps/plant.csv"));
    return lines.subList(1, lines.size());
  }

  /** The map that the demo ships names only what is there. */
  @ParameterizedTest
  @MethodSource("demoMap")
  void everyRowOfTheDemoMapCanBeRead(String row) throws Exception {
    String[] columns = row.split(",", -1);
    assertThat(columns).hasSize(13);
    String table = columns[1].split(":")[0];
    int address = Integer.parseInt(columns[1].split(":")[1]);
    int words = columns[2].endsWith("32") ? 2 : 1;
    switch (table) {
      case "coil" -> plant.read(Bits.COIL, address, 1);
      case "discrete" -> plant.read(Bits.DISCRETE, address, 1);
      case "holding" -> plant.read(Registers.HOLDING, address, words);
      default -> plant.read(Registers.INPUT, address, words);
    }
    assertThat(columns[7]).isEqualTo(List.of("coil", "holding").contains(table) ? "rw" : "r");
  }
}
