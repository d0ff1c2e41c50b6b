package io.snaprail.storage.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.health.Problem;
import io.snaprail.storage.internal.config.Change.Origin;
import io.snaprail.storage.internal.config.ConfigFolder.Time;
import io.snaprail.storage.internal.config.Schema.Attribute;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder without any framework, on a clock that the test moves. */
class ConfigFolderTest {
  @TempDir Path base;

  private final List<Change> changes = new ArrayList<>();
  private final Map<String, Schema> schemas = new HashMap<>();
  private long now;
  private Path config;
  private History history;
  private ConfigFolder folder;

  @BeforeEach
  void open() throws Exception {
    config = base.resolve("config");
    history = new History(base.resolve("history"), Clock.systemUTC());
    folder = open(config);
  }

  private ConfigFolder open(Path path) throws Exception {
    ConfigFolder opened =
        new ConfigFolder(
            path,
            history,
            (pid, factory) -> schemas.getOrDefault(factory == null ? pid : factory, Schema.UNKNOWN),
            new Time(Clock.systemUTC(), () -> now),
            changes::add);
    opened.load();
    return opened;
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(config.resolve(name), text);
  }

  private String text(String name) throws Exception {
    return Files.readString(config.resolve(name));
  }

  private void patience() {
    now += ConfigFolder.PATIENCE.toNanos();
  }

  private List<String> problems() {
    return folder.problems().stream().map(Problem::message).toList();
  }

  @Test
  void filesAtTheTopAreConfigurationsAndNothingElseIs() throws Exception {
    write("a.b~c.json", "{\"k\": 1}");
    write("a.json", "{}");
    write(".hidden.json", "{}");
    write("readme.txt", "x");
    write("a.json~", "x");
    Files.createDirectories(config.resolve("maps"));
    Files.writeString(config.resolve("maps/m.json"), "{}");
    folder.look();
    assertThat(folder.pids()).containsExactlyInAnyOrder("a.b~c", "a");
    assertThat(folder.values("a.b~c")).isEqualTo(Map.of("k", 1));
    assertThat(folder.owners()).isEqualTo(Map.of("a.b~c", "a.b", "a", "a"));
  }

  @Test
  void aGoodEditIsTakenAtOnceWithTheNamesOfWhatChanged() throws Exception {
    write("p.json", "{\"a\": 1, \"b\": 2, \"c\": 3}");
    assertThat(folder.look()).isFalse();
    changes.clear();
    write("p.json", "{\"a\": 1, \"b\": 5, \"d\": 4}");
    assertThat(folder.look()).isFalse();
    assertThat(changes).containsExactly(new Change("p", Origin.FILE, Set.of("b", "c", "d")));
    changes.clear();
    folder.look();
    assertThat(changes).isEmpty();
  }

  @Test
  void aHalfWrittenFileIsNotReportedUntilItStandsStill() throws Exception {
    write("p.json", "{\"a\": 1}");
    folder.look();
    write("p.json", "{\"a\":");
    assertThat(folder.look()).isTrue();
    assertThat(problems()).isEmpty();
    // It grows: the wait begins anew.
    patience();
    write("p.json", "{\"a\": 2");
    assertThat(folder.look()).isTrue();
    assertThat(problems()).isEmpty();
    write("p.json", "{\"a\": 2}");
    assertThat(folder.look()).isFalse();
    assertThat(folder.values("p")).isEqualTo(Map.of("a", 2));
  }

  @Test
  void aBadFileIsNamedAndTheLastGoodVersionStaysInForceAndNothingElseIsTouched() throws Exception {
    write("boiler.json", "{\n  \"port\": 1\n}");
    write("other.json", "{}");
    folder.look();
    changes.clear();
    write("boiler.json", "{\n  \"port\": x\n}");
    folder.look();
    patience();
    assertThat(folder.look()).isFalse();
    assertThat(problems())
        .containsExactly(
            "config/boiler.json:2:11: expected a value (a text stands in double quotes), found x;"
                + " the last good version stays in force");
    assertThat(folder.values("boiler")).isEqualTo(Map.of("port", 1));
    assertThat(changes).isEmpty();
    write("boiler.json", "{\n  \"port\": 2\n}");
    folder.look();
    assertThat(problems()).isEmpty();
    assertThat(changes).extracting(Change::pid).containsExactly("boiler");
  }

  @Test
  void aFileThatIsBadAtStartUsesTheLastGoodVersionOfTheHistory() throws Exception {
    history.keep("p", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
    history.keep("p", "{\"a\": 2}".getBytes(StandardCharsets.UTF_8));
    write("p.json", "");
    write("q.json", "[");
    folder = open(config);
    assertThat(folder.values("p")).isEqualTo(Map.of("a", 2));
    assertThat(folder.values("q")).isNull();
    assertThat(problems())
        .containsExactly(
            "config/p.json:1:1: expected '{', found the end of the file; the last good version"
                + " stays in force",
            "config/q.json:1:1: expected '{', found '['; there is no earlier good version, so"
                + " nothing of it is in force");
    assertThat(folder.goodText("p")).isNull();
  }

  @Test
  void aDeletedFileIsBelievedGoneOnlyWhenItStaysAway() throws Exception {
    write("p.json", "{}");
    folder.look();
    changes.clear();
    Files.delete(config.resolve("p.json"));
    assertThat(folder.look()).isTrue();
    write("p.json", "{}");
    assertThat(folder.look()).isFalse();
    assertThat(changes).isEmpty();
    Files.delete(config.resolve("p.json"));
    folder.look();
    patience();
    folder.look();
    assertThat(changes).containsExactly(new Change("p", Origin.FILE, Set.of()));
    assertThat(folder.pids()).isEmpty();
  }

  @Test
  void aMissingFolderDeletesNothing() throws Exception {
    write("p.json", "{}");
    folder.look();
    Files.move(config, base.resolve("away"));
    folder.look();
    patience();
    folder.look();
    assertThat(folder.pids()).containsExactly("p");
    assertThat(problems()).singleElement().asString().startsWith("config: cannot be listed");
    Files.move(base.resolve("away"), config);
    folder.look();
    assertThat(problems()).isEmpty();
  }

  @Test
  void anEditOfTheSameLengthAndTimeIsSeenAllTheSame() throws Exception {
    write("p.json", "{\"a\": 1}");
    folder.look();
    var time = Files.getLastModifiedTime(config.resolve("p.json"));
    write("p.json", "{\"a\": 2}");
    Files.setLastModifiedTime(config.resolve("p.json"), time);
    folder.look();
    assertThat(folder.values("p")).isEqualTo(Map.of("a", 2));
  }

  @Test
  void whatConfigurationAdminStoresIsInTheFileAndNotTakenForAnEdit() throws Exception {
    write("p.json", "{\n  \"z\": 1,\n  \"a\": 2\n}\n");
    Files.setPosixFilePermissions(
        config.resolve("p.json"), PosixFilePermissions.fromString("rw-rw----"));
    folder.look();
    changes.clear();
    folder.store("p", Map.of("a", 3, "z", 1, "n", 4L));
    assertThat(text("p.json")).isEqualTo("{\n  \"z\": 1,\n  \"a\": 3,\n  \"n:Long\": 4\n}\n");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(config.resolve("p.json"))))
        .isEqualTo("rw-rw----");
    assertThat(changes).containsExactly(new Change("p", Origin.ADMIN, Set.of("a", "n")));
    folder.look();
    assertThat(changes).hasSize(1);
  }

  @Test
  void storingWhatIsThereLeavesTheFileAsThePersonWroteIt() throws Exception {
    String mine = "{   \"a\":1 /* mine */ }";
    write("p.json", mine);
    folder.look();
    changes.clear();
    folder.store("p", Map.of("a", 1));
    assertThat(text("p.json")).isEqualTo(mine);
    assertThat(changes).isEmpty();
  }

  @Test
  void anEditThatWasNotSeenYetIsNotOverwritten() throws Exception {
    write("p.json", "{\"a\": 1}");
    folder.look();
    write("p.json", "{\"a\": 2}");
    assertThatThrownBy(() -> folder.store("p", Map.of("a", 3)))
        .hasMessage(
            "config/p.json has just been changed by hand; nothing was saved: look at the new values"
                + " and try again");
    assertThat(text("p.json")).isEqualTo("{\"a\": 2}");
  }

  @Test
  void savingOverABadFileKeepsItAside() throws Exception {
    write("p.json", "{\"a\": 1}");
    folder.look();
    write("p.json", "oops");
    folder.look();
    patience();
    folder.look();
    folder.store("p", Map.of("a", 2));
    assertThat(text("p.json")).isEqualTo("{\n  \"a\": 2\n}\n");
    assertThat(base.resolve("history/p/rejected.json")).hasContent("oops");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aStoreOfAWrongTypeIsRefused() throws Exception {
    schemas.put(
        "p",
        Schema.of(Map.of("port", new Attribute(ValueType.scalar(ScalarType.INTEGER), t -> ""))));
    assertThatThrownBy(() -> folder.store("p", Map.of("port", "x")))
        .hasMessage(
            "config/p.json was not saved: key 'port': expected a whole number of"
                + " -2147483648..2147483647, found the text \"x\"");
    assertThat(config.resolve("p.json")).doesNotExist();
    folder.store("p", Map.of("port", 5L));
    assertThat(folder.values("p")).isEqualTo(Map.of("port", 5));
  }

  @Test
  void whatCouldNotBeReadAgainIsNotWritten() throws Exception {
    assertThatThrownBy(() -> folder.store("p", Map.of(" ", 1)))
        .hasMessage("config/p.json:2:3: expected a key, found an empty one; nothing was saved");
    assertThatThrownBy(() -> folder.store("p", Map.of("k", "x".repeat(ConfigDocument.MAX_BYTES))))
        .hasMessageContaining("expected at most 1048576 bytes");
    assertThat(config.resolve("p.json")).doesNotExist();
  }

  @Test
  void aThousandFilesAreReadWithinASecond() throws Exception {
    for (int i = 0; i < 1000; i++) {
      write("dev~" + i + ".json", "{\"host\": \"10.0.0.1\", \"port\": 502, \"points\": [\"a\"]}");
    }
    long start = System.nanoTime();
    folder = open(config);
    assertThat(folder.pids()).hasSize(1000);
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }

  @Test
  void aLinkStaysALink() throws Exception {
    Path real = Files.writeString(base.resolve("real.json"), "{}");
    Files.createSymbolicLink(config.resolve("p.json"), real);
    folder.look();
    folder.store("p", Map.of("a", 1));
    assertThat(config.resolve("p.json")).isSymbolicLink();
    assertThat(real).hasContent("{\n  \"a\": 1\n}\n");
  }

  @Test
  void deletingThroughConfigurationAdminDeletesTheFile() throws Exception {
    write("p.json", "{}");
    folder.look();
    changes.clear();
    folder.delete("p");
    assertThat(config.resolve("p.json")).doesNotExist();
    assertThat(folder.pids()).isEmpty();
    assertThat(changes).extracting(Change::origin).containsExactly(Origin.ADMIN);
    folder.delete("p");
    assertThat(changes).hasSize(1);
  }

  @Test
  void aDeclarationThatComesLaterRulesOutAWrongValue() throws Exception {
    history.keep("a~b", "{\"port\": 502}".getBytes(StandardCharsets.UTF_8));
    write("a~b.json", "{\"port\": \"x\"}");
    folder.look();
    changes.clear();
    schemas.put(
        "a", Schema.of(Map.of("port", new Attribute(ValueType.scalar(ScalarType.LONG), t -> ""))));
    assertThat(folder.recheck(Set.of("other"))).isEmpty();
    assertThat(folder.recheck(Set.of("a"))).containsExactly("a~b");
    assertThat(folder.values("a~b")).isEqualTo(Map.of("port", 502L));
    assertThat(changes).containsExactly(new Change("a~b", Origin.SCHEMA, Set.of("port")));
    assertThat(problems())
        .containsExactly(
            "config/a~b.json:1:10: key 'port': expected a whole number of"
                + " -9223372036854775808..9223372036854775807, found the text \"x\"; the last good"
                + " version stays in force");
  }

  @Test
  void aDeclarationThatOnlyWidensATypeIsNoChange() throws Exception {
    write("p.json", "{\"port\": 5}");
    folder.look();
    changes.clear();
    schemas.put(
        "p", Schema.of(Map.of("port", new Attribute(ValueType.scalar(ScalarType.LONG), t -> ""))));
    assertThat(folder.recheck(null)).containsExactly("p");
    assertThat(folder.values("p")).isEqualTo(Map.of("port", 5L));
    assertThat(changes).isEmpty();
  }

  @Test
  void aFileWhoseNameIsNoPidIsNamed() throws Exception {
    write("my boiler.json", "{}");
    folder.look();
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("config/my boiler.json: expected PID.json or FACTORY~NAME.json");
  }
}
