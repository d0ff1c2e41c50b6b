package io.snaprail.core.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.samples.Dispatcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterMapsServiceTest {
  private static final String TEXT = "name,address,type\na,1,int16\n";

  @TempDir private Path folder;
  private Path own;
  private Path ready;
  private final Board board = new Board();
  private final List<String> audited = new ArrayList<>();
  private DeviceRegistry registry;
  private RegisterMapsService maps;
  private long nextId = 1;

  @BeforeEach
  void start() throws Exception {
    own = Files.createDirectories(folder.resolve("config/maps"));
    ready = Files.createDirectories(folder.resolve("image/maps"));
    registry =
        new DeviceRegistry(
            new Maps(folder.resolve("config"), ready.toString()),
            new Dispatcher(),
            board,
            Duration.ofSeconds(10));
    maps = new RegisterMapsService(registry);
    maps.bindAudit(this::record);
  }

  private void record(AuditEvent event) {
    assertThat(event.action()).isEqualTo(AuditEvent.Action.CONFIGURATION);
    audited.add(
        String.join(
            " ",
            event.actor(),
            String.valueOf(event.details().get("change")),
            event.subject(),
            event.outcome()));
  }

  @AfterEach
  void stop() {
    registry.stop();
  }

  private void device(String name, Object... more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.id", nextId++);
    properties.put("service.pid", "drv~" + name);
    properties.put("period.ms", 20);
    for (int i = 0; i < more.length; i += 2) {
      properties.put((String) more[i], more[i + 1]);
    }
    registry.bindDevice(new FakeDevice("b"), properties);
    await().until(() -> registry.find(name) != null);
  }

  private void awaitPoint(String device, String point) {
    await()
        .untilAsserted(
            () -> {
              assertThat(registry.find(device)).isNotNull();
              assertThat(registry.find(device).point(point)).isNotNull();
            });
  }

  @Test
  void listsOwnAndReadyMapsWithWhatTheySayOfThemselves() throws Exception {
    Files.writeString(
        ready.resolve("meter.csv"),
        "# title: Meter\n# source: Manual 1.2, table 3\n# note: set unit 1\n# note: 9600 8N1\n"
            + TEXT);
    Files.writeString(own.resolve("meter.csv"), TEXT + "b,,int16\n");
    Files.writeString(own.resolve("notes.txt"), "no map");
    device("d", "map", "meter.csv");
    assertThat(maps.list())
        .containsExactly(
            new RegisterMaps.MapInfo("meter.csv", "", "", List.of(), false, 1, 1, List.of("d")),
            new RegisterMaps.MapInfo(
                "meter.csv",
                "Meter",
                "Manual 1.2, table 3",
                List.of("set unit 1", "9600 8N1"),
                true,
                1,
                0,
                List.of()));
  }

  @Test
  void anOwnMapWinsOverAReadyOneAndTheReadyOneComesBack() throws Exception {
    Files.writeString(ready.resolve("meter.csv"), "name,address,type\nfrom.ready,1,int16\n");
    device("d", "map", "meter.csv");
    awaitPoint("d", "from.ready");
    maps.save("meter.csv", "name,address,type\nfrom.own,1,int16\n", "eve");
    awaitPoint("d", "from.own");
    assertThat(maps.read("meter.csv")).contains("from.own");
    // Deleting it leaves the device a map, so it may be done.
    maps.delete("meter.csv", "eve");
    awaitPoint("d", "from.ready");
    assertThat(maps.read("meter.csv")).contains("from.ready");
    assertThat(audited)
        .containsExactly(
            "eve save maps/meter.csv attempt",
            "eve save maps/meter.csv ok",
            "eve delete maps/meter.csv attempt",
            "eve delete maps/meter.csv ok");
  }

  @Test
  void aReadyMapThatChangesIsReadAtTheNextStartOnly() throws Exception {
    Files.writeString(ready.resolve("meter.csv"), TEXT);
    Maps read = new Maps(folder.resolve("config"), ready.toString());
    String before = read.stamp("meter.csv");
    Files.writeString(ready.resolve("meter.csv"), TEXT + "b,2,int16\n");
    assertThat(read.stamp("meter.csv")).isEqualTo(before);
  }

  @Test
  void aMissingMapIsNamedOnceWithBothFoldersAndTheNearestName() throws Exception {
    Files.writeString(ready.resolve("sdm630.csv"), TEXT);
    device("d", "map", "sdm63.csv", "points", new String[] {"x,1,int16"});
    await()
        .untilAsserted(
            () ->
                assertThat(board.problems())
                    .extracting(e -> e.problem().message())
                    .containsExactly(
                        "config/drv~d.json: map: expected a register map in "
                            + own
                            + " or among the ready ones in "
                            + ready
                            + ", found none of the name 'sdm63.csv'; did you mean 'sdm630.csv'?"));
    assertThatThrownBy(() -> maps.read("sdm63.csv"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did you mean 'sdm630.csv'?");
  }

  @Test
  void checksRowByRow() {
    RegisterMaps.Check check =
        maps.check(
            """
            name,address,type,scale,unit,description
            a,1,int16,0.1,V,d
            b,2,int16,x
            c d,3,int16\
            """);
    assertThat(check.rows()).containsExactly(new RegisterMaps.Row(2, "a", "1", "int16", "V", "d"));
    assertThat(check.errors())
        .containsExactly(
            new RegisterMaps.RowError(
                3, "scale", "expected a decimal number such as 0.1, found 'x'"),
            new RegisterMaps.RowError(
                4, "name", "expected 1..64 letters, digits, '_', '-' or '.', found 'c d'"));
    assertThat(maps.check("").errors())
        .singleElement()
        .extracting(RegisterMaps.RowError::line)
        .isEqualTo(0);
    assertThat(audited).isEmpty();
  }

  @Test
  void savesByteForByteWhateverIsWrongWithIt() throws Exception {
    String text = "\uFEFF# §\r\nname;address;type\r\nbad\r\n\r\n";
    RegisterMaps.Check check = maps.save("zähler_1.csv", text, "eve");
    assertThat(check.errors()).hasSize(1);
    assertThat(Files.readAllBytes(own.resolve("zähler_1.csv")))
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(maps.read("zähler_1.csv")).isEqualTo(text);
    try (var files = Files.list(own)) {
      assertThat(files).as("no temporary file is left").hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x.csv",
        "a/b.csv",
        "/etc/x.csv",
        ".hidden.csv",
        "..csv",
        ".csv",
        "x.txt",
        "",
        "a\0.csv",
        "a\\b.csv",
        "a b.csv",
        "a\n.csv"
      })
  void takesNoNameThatLeadsElsewhere(String name) {
    assertThatThrownBy(() -> maps.save(name, TEXT, "eve"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the name of a file");
    assertThatThrownBy(() -> maps.read(name)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> maps.delete(name, "eve")).isInstanceOf(IllegalArgumentException.class);
    assertThat(audited).isEmpty();
  }

  @Test
  void aLinkThatLeadsOutOfTheFolderIsNoMapAndOneWithinItIs() throws Exception {
    Files.writeString(folder.resolve("outside.csv"), TEXT);
    Files.createSymbolicLink(own.resolve("link.csv"), folder.resolve("outside.csv"));
    // As configuration maps of container platforms are mounted.
    Files.createDirectories(own.resolve("..data"));
    Files.writeString(own.resolve("..data/m.csv"), TEXT);
    Files.createSymbolicLink(own.resolve("m.csv"), Path.of("..data/m.csv"));
    Files.createDirectories(own.resolve("folder.csv"));
    assertThat(maps.list()).extracting(RegisterMaps.MapInfo::name).containsExactly("m.csv");
    assertThatThrownBy(() -> maps.read("link.csv")).isInstanceOf(IOException.class);
    // Saving replaces the link, and never what it leads to.
    maps.save("link.csv", "name,address,type\n", "eve");
    assertThat(Files.readString(folder.resolve("outside.csv"))).isEqualTo(TEXT);
  }

  @Test
  void refusesToDeleteWhatIsInUseOrReady() throws Exception {
    Files.writeString(own.resolve("meter.csv"), TEXT);
    Files.writeString(ready.resolve("shipped.csv"), TEXT);
    device("d", "map", "meter.csv");
    assertThatThrownBy(() -> maps.delete("meter.csv", "eve"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is in use by d");
    assertThatThrownBy(() -> maps.delete("shipped.csv", "eve"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a ready map");
    assertThatThrownBy(() -> maps.delete("none.csv", "eve")).isInstanceOf(IOException.class);
    assertThat(own.resolve("meter.csv")).exists();
    assertThat(ready.resolve("shipped.csv")).exists();
  }

  @Test
  void changesNothingThatCannotBeAudited() throws Exception {
    AuditLog full =
        event -> {
          throw new AuditUnavailableException("disk full", new IOException());
        };
    maps.bindAudit(full);
    assertThatThrownBy(() -> maps.save("m.csv", TEXT, "eve"))
        .isInstanceOf(IOException.class)
        .hasMessage("nothing is changed: disk full");
    maps.unbindAudit(full);
    assertThatThrownBy(() -> maps.save("m.csv", TEXT, "eve")).isInstanceOf(IOException.class);
    assertThat(own.resolve("m.csv")).doesNotExist();
  }

  @Test
  void refusesWhatIsTooLongOrNoText() {
    assertThatThrownBy(() -> maps.save("m.csv", "#".repeat(RegisterMaps.MAX_BYTES + 1), "eve"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 4194304 bytes");
    assertThatThrownBy(() -> maps.save("m.csv", "# \ud800", "eve"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> maps.decode(new byte[] {'#', (byte) 0xb0}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'°' in Windows-1252");
    assertThat(own.resolve("m.csv")).doesNotExist();
  }

  @Test
  void exportsThePointsOfADeviceWhereverTheyAreDefined() throws Exception {
    Files.writeString(own.resolve("m.csv"), "type;name;address;scale\nint16;a;1;0,1\n");
    device("d", "map", "m.csv", "points", new String[] {"x,2,int16,,,,\"a,b\",rw"});
    device("off", "enabled", "false", "points", new String[] {"y,2,int16"});
    String text = maps.export("d");
    RegisterMap map = RegisterMap.parse(text, "m");
    assertThat(map.errors()).isEmpty();
    assertThat(map.points()).extracting(p -> p.name() + p.scale()).containsExactly("a0.1", "x1");
    assertThat(maps.check(text).rows()).hasSize(2);
    assertThat(maps.check(maps.export("off")).rows()).hasSize(1);
    assertThat(registry.find("off").status().state()).isEqualTo(DeviceStatus.State.DISABLED);
    assertThatThrownBy(() -> maps.export("none")).isInstanceOf(IOException.class);
  }
}
