package io.snaprail.driver.modbus.internal.sunspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.points.RegisterMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SunSpecDiscoveryTest {
  private final FakeRegisters device = new FakeRegisters();
  private final Told told = new Told();

  private String map(boolean all) throws Exception {
    return new SunSpecDiscovery(device, 125, all).run(told).map();
  }

  private FakeRegisters common(int length) {
    return device
        .at(40_000)
        .suns()
        .put(1, length)
        .text("Ac\nme", 16)
        .text("Sun, 5", 16)
        .text("", 8)
        .text("1.2", 8)
        .text("SN1", 16)
        .filled(1, length - 64);
  }

  @Test
  void takesTheTitleFromTheCommonModelAndLeavesOutWhatIsNotThere() throws Exception {
    common(66).put(0xffff, 0);
    String map = map(false);
    assertThat(map)
        .startsWith(
            "# title: Ac me Sun, 5 (SunSpec)\n# source: SunSpec information models"
                + " (github.com/sunspec/models), found on the device: 1, from 4x40001\n");
    RegisterMap parsed = RegisterMap.parse(map, "map");
    assertThat(parsed.notes().title()).isEqualTo("Ac me Sun, 5 (SunSpec)");
    assertThat(parsed.points())
        .extracting(p -> p.name() + " " + p.address() + " " + p.type())
        .containsExactly(
            "common.Mn 4x40005 string(32)",
            "common.Md 4x40021 string(32)",
            "common.Vr 4x40045 string(16)",
            "common.SN 4x40053 string(32)",
            "common.DA 4x40069 sunspec(uint16)");
    assertThat(map).contains("#common.Opt,4x40037");
    assertThat(told.models).containsExactly("1|Common|4x40003|66|");
  }

  @Test
  void aCommonModelWithoutItsLastRegisterIsRight() throws Exception {
    common(65).put(0xffff, 0);
    map(false);
    assertThat(told.models).containsExactly("1|Common|4x40003|65|");
  }

  @Test
  void namesModelsThatAreNotKnownOrOfAnotherLength() throws Exception {
    device.at(40_000).suns().put(64_110, 2, 5, 5, 103, 12).filled(1, 12).put(0xffff, 0);
    String map = map(false);
    assertThat(told.models)
        .containsExactly(
            "64110||4x40003|2|not known here: left out of the map",
            "103|Inverter (Three Phase)|4x40007|12|expected a length of 50: only points within are"
                + " in the map");
    // Of W and later, value or scale factor are behind the end: W is at 14, its factor at 15.
    assertThat(Parsed.points(map))
        .extracting(PointDefinition::name)
        .containsExactly(
            "inverter.A",
            "inverter.AphA",
            "inverter.AphB",
            "inverter.AphC",
            "inverter.PPVphAB",
            "inverter.PPVphBC",
            "inverter.PPVphCA",
            "inverter.PhVphA",
            "inverter.PhVphB",
            "inverter.PhVphC");
  }

  @Test
  void aPointWhoseScaleFactorLiesBehindTheEndIsLeftOut() throws Exception {
    // Of the voltages, 7 to 12, the factor is at 13, which is one behind.
    device.at(40_000).suns().put(103, 11).filled(1, 11).put(0xffff, 0);
    assertThat(Parsed.points(map(true)))
        .extracting(PointDefinition::name)
        .containsExactly("inverter.A", "inverter.AphA", "inverter.AphB", "inverter.AphC");
  }

  @Test
  void aModelThatSaysItIsHugeIsReadAsFarAsItCanBe() throws Exception {
    device.at(40_000).suns().put(103, 20_000).filled(1, 20_000);
    device.put(160, 5_000).filled(1, 5_000).put(0xffff, 0);
    String map = map(true);
    assertThat(device.reads).hasSizeLessThan(40);
    assertThat(told.models).allMatch(model -> model.contains("only points within are in the map"));
    assertThat(Parsed.errors(map)).isEmpty();
    assertThat(Parsed.points(map)).hasSizeLessThan(1_500);
  }

  @Test
  void whatHasNoValueNowIsACommentUnlessAllAreWanted() throws Exception {
    // A 7, AphA none; the factor of the currents is there, that of the voltages is not.
    device.at(40_000).suns().put(101, 50, 7, 0xffff, 7, 7, 0xffff);
    device.filled(7, 6).put(0x8000).filled(0, 38).put(0xffff, 0);
    assertThat(map(false))
        .contains("\ninverter.A,4x40005,\"sunspec(uint16,+4)\"")
        .contains("\n#inverter.AphA,")
        .contains("\n#inverter.PhVphA,")
        // A counter that has not counted yet.
        .contains("\ninverter.WH,");
    assertThat(Parsed.points(map(true))).hasSize(31);
  }

  @Test
  void modelsThatComeTwiceHaveNamesOfTheirOwn() throws Exception {
    device.at(40_000).suns();
    device.put(203, 105).filled(1, 105).put(203, 105).filled(1, 105).put(0xffff, 0);
    String map = map(true);
    assertThat(Parsed.errors(map)).isEmpty();
    assertThat(Parsed.point(map, "meter.A").address()).isEqualTo("4x40005");
    assertThat(Parsed.point(map, "meter2.A").address()).isEqualTo("4x40112");
  }

  /** Scale factors that lie too far away for one read are taken as they are. */
  @Test
  void everyModuleOfAnInverterIsThereHoweverManyThereAre() throws Exception {
    int modules = 7;
    device.at(40_000).suns().put(160, 8 + 20 * modules, -1, -2, 1, 0, 0, 0, modules, 0);
    device.filled(5, 20 * modules).put(0xffff, 0);
    String map = map(true);
    assertThat(Parsed.errors(map)).isEmpty();
    // DCA_SF at 2; DCA of module k at 19 + 20 (k - 1)
    PointDefinition near = Parsed.point(map, "mppt.1.DCA");
    assertThat(near.address()).isEqualTo("4x40022");
    assertThat(near.type()).isEqualTo("sunspec(uint16,-17)");
    PointDefinition far = Parsed.point(map, "mppt.7.DCA");
    assertThat(far.address()).isEqualTo("4x40142");
    assertThat(far.type()).isEqualTo("sunspec(uint16)");
    assertThat(far.scale()).isEqualByComparingTo("0.1");
    assertThat(Parsed.point(map, "mppt.7.DCV").scale()).isEqualByComparingTo("0.01");
    assertThat(Parsed.point(map, "mppt.7.DCW").scale()).isEqualByComparingTo("10");
  }

  @Test
  void keepsToTheLongestReadOfTheDevice() throws Exception {
    common(66).put(0xffff, 0);
    new SunSpecDiscovery(device, 20, false).run(told);
    assertThat(device.reads)
        .allMatch(read -> Integer.parseInt(read.substring(read.indexOf('+') + 1)) <= 20);
  }

  @Test
  void saysThatADeviceIsNoneOfSunSpec() {
    device.at(40_000).put(1, 2);
    assertThatThrownBy(() -> map(false))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("expected 'SunS' at 4x40001, 4x50001 or 4x0001");
  }

  @ParameterizedTest
  @CsvSource({
    "inverter, inverter.csv",
    "Roof 1.CSV, roof-1.csv",
    "../../etc/x, etc-x.csv",
    "'', sunspec.csv",
    "..., sunspec.csv",
  })
  void aFileHasANameThatAMapMayHave(String wanted, String name) {
    assertThat(SunSpecDiscovery.fileName(wanted)).isEqualTo(name);
  }

  /** A slip in the data would be a wrong value in silence. */
  @Test
  void everyModelFitsIntoItsLengthAndOverlapsNowhere() {
    assertThat(Models.all().keySet())
        .contains(
            1, 101, 103, 111, 113, 120, 122, 160, 201, 204, 211, 214, 701, 704, 713, 714, 802);
    for (Model model : Models.all().values()) {
      int[] used = new int[Model.HEADER + model.length()];
      for (Model.Point point : model.points()) {
        for (int i = 0; i < Content.width(point.type()); i++) {
          used[point.offset() + i]++;
        }
        assertThat(point.factor()).as("%s", point).isBetween(0, used.length - 1);
        // A scale factor is never a value too.
        assertThat(point.factor() == 0 ? 0 : used[point.factor()]).as("%s", point).isZero();
      }
      assertThat(used).as("model %s", model.id()).containsOnly(0, 1);
      Model.Group group = model.group();
      if (group != null) {
        int[] repeated = new int[group.length()];
        for (Model.Point point : group.points()) {
          for (int i = 0; i < Content.width(point.type()); i++) {
            repeated[point.offset() - group.offset() + i]++;
          }
        }
        assertThat(repeated).as("group of model %s", model.id()).containsOnly(0, 1);
        assertThat(group.offset()).isEqualTo(Model.HEADER + model.length());
      }
    }
    // Spot checks against the specification: models 1, 103, 160, 203 and 113.
    assertThat(spot(1, "SN")).isEqualTo("50 string(32)");
    assertThat(spot(103, "W")).isEqualTo("14 int16@15");
    assertThat(spot(103, "WH")).isEqualTo("24 acc32@26");
    assertThat(spot(103, "St")).isEqualTo("38 enum16");
    assertThat(spot(113, "W")).isEqualTo("22 float32");
    assertThat(spot(203, "W")).isEqualTo("18 int16@22");
    assertThat(spot(203, "TotWhImp")).isEqualTo("46 acc32@54");
    assertThat(spot(802, "SoC")).isEqualTo("11 uint16@56");
  }

  private static String spot(int model, String name) {
    Model.Point point =
        Models.all().get(model).points().stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow();
    return point.offset() + " " + point.type() + (point.factor() == 0 ? "" : "@" + point.factor());
  }
}
