package io.snaprail.driver.modbus.internal.sunspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.sunspec.Chain.Found;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainTest {
  private final FakeRegisters device = new FakeRegisters();

  private Chain found() throws Exception {
    return Objects.requireNonNull(Chain.find(device));
  }

  @ParameterizedTest
  @ValueSource(ints = {40_000, 50_000, 0})
  void isFoundAtEachOfTheThreeAddresses(int base) throws Exception {
    device.at(base).suns().put(1, 2, 7, 7, 103, 1, 7, 0xffff, 0);
    assertThat(found())
        .isEqualTo(
            new Chain(base, List.of(new Found(1, base + 2, 2), new Found(103, base + 6, 1)), ""));
  }

  @Test
  void aDeviceWithoutTheWordIsNone() throws Exception {
    device.at(40_000).put(0x5375, 0x6e54);
    assertThat(Chain.find(device)).isNull();
    assertThat(device.reads).containsExactly("40000+2", "50000+2", "0+2");
  }

  @Test
  void silenceAtOneAddressIsNotTheEnd() throws Exception {
    device.silent.add(40_000);
    device.at(50_000).suns().put(0xffff, 0);
    assertThat(found().base()).isEqualTo(50_000);
  }

  @Test
  void silenceEverywhereIsTold() {
    device.silent.addAll(List.of(40_000, 50_000, 0));
    assertThatThrownBy(() -> Chain.find(device)).isInstanceOf(DriverException.class);
  }

  @Test
  void aChainThatIsRefusedOrSilentEndsWithWhatIsKnown() throws Exception {
    device.at(40_000).suns().put(1, 1, 7);
    Chain refused = found();
    assertThat(refused.models()).containsExactly(new Found(1, 40_002, 1));
    assertThat(refused.trouble()).contains("breaks off at 4x40006, which the device refuses");
    device.silent.add(40_005);
    assertThat(found().trouble()).contains("breaks off at 4x40006: nothing from 40005");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 5", "7 0", "7 65535", "7 25530"})
  void aModelThatCannotBeIsTheEnd(String header) throws Exception {
    String[] words = header.split(" ");
    device
        .at(40_000)
        .suns()
        .put(1, 1, 7, Integer.parseInt(words[0]), Integer.parseInt(words[1]), 1, 1, 1);
    Chain chain = found();
    assertThat(chain.models()).containsExactly(new Found(1, 40_002, 1));
    assertThat(chain.trouble()).contains("is broken at 4x40006");
  }

  @Test
  void aChainWithoutEndIsCutOff() throws Exception {
    device.at(40_000).suns();
    for (int i = 0; i < 2_000; i++) {
      device.put(64_001, 1, 0);
    }
    Chain chain = found();
    assertThat(chain.models()).hasSize(Chain.MAX_MODELS);
    assertThat(chain.trouble()).contains("more than 100 models");
    assertThat(device.reads).hasSizeLessThan(110);
  }

  @Test
  void aChainToTheLastRegisterIsCutOff() throws Exception {
    device.at(50_000).suns().put(7, 65_536 - 50_004).filled(0, 65_536 - 50_004);
    assertThat(found().trouble()).contains("runs past register 65535");
  }

  /** Whatever a device answers, the discovery ends, in time, and its map can be read. */
  @RepeatedTest(50)
  void endsWhateverADeviceAnswers(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    int[] ids = Models.all().keySet().stream().mapToInt(id -> id).toArray();
    device.at(40_000).suns();
    for (int i = 0; i < 8_000; i++) {
      int id = ids[random.nextInt(ids.length)];
      device.put(
          switch (random.nextInt(4)) {
            case 0 -> id;
            case 1 -> random.nextInt(70);
            case 2 -> 0xfffe + random.nextInt(2);
            default -> random.nextInt(65_536);
          });
    }
    SunSpecDiscovery.Result result =
        new SunSpecDiscovery(device, 125, random.nextBoolean()).run(new Told());
    assertThat(device.reads).hasSizeLessThan(3_000);
    assertThat(Parsed.errors(result.map())).isEmpty();
    assertThat(Parsed.points(result.map())).hasSize(result.points());
  }
}
