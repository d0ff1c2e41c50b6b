package io.snaprail.storage.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.health.Problem;
import io.snaprail.storage.internal.config.FrameworkFixture.Managed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;

/** The folder under the real Configuration Admin, in a real framework, by the real clock. */
class ConfigServiceTest {
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path base;
  private FrameworkFixture felix;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(base.resolve("config"));
    felix = new FrameworkFixture(base);
  }

  @AfterEach
  void stop() throws Exception {
    felix.close();
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(felix.config().resolve(name), text);
  }

  private String text(String name) throws Exception {
    return Files.readString(felix.config().resolve(name));
  }

  private void startAll() throws Exception {
    felix.startStorage();
    felix.startMetaType();
    felix.startConfigurationAdmin();
  }

  @Test
  void whatIsInTheFolderAtStartArrivesWhateverStartsFirst() throws Exception {
    write("single.json", "{\"a\": 1}");
    write("fact~one.json", "{\"b\": true}");
    felix.startConfigurationAdmin();
    Managed single = felix.manage("single");
    Managed factory = felix.manageFactory("fact");
    assertThat(single.calls).isEmpty();
    felix.startStorage();
    await().atMost(LONG).until(() -> factory.calls.contains("updated fact~one"));
    await().atMost(LONG).until(() -> Integer.valueOf(1).equals(single.value("a")));
    assertThat(factory.value("service.factoryPid")).isEqualTo("fact");
    assertThat(factory.value("service.pid")).isEqualTo("fact~one");
  }

  @Test
  void anEditArrivesWithinASecondAndIsNotRewritten() throws Exception {
    write("single.json", "{\"a\": 1}");
    startAll();
    Managed single = felix.manage("single");
    await().atMost(LONG).until(() -> single.last != null);
    String mine = "{ \"a\":   2 } // mine";
    write("single.json", mine);
    await().atMost(A_SECOND).until(() -> Integer.valueOf(2).equals(single.value("a")));
    assertThat(text("single.json")).isEqualTo(mine);
    assertThat(single.calls).containsExactly("updated", "updated");
  }

  @Test
  void aNewFileMakesAConfigurationAndADeletedOneEndsIt() throws Exception {
    startAll();
    Managed factory = felix.manageFactory("fact");
    Managed single = felix.manage("single");
    await().atMost(LONG).until(() -> single.calls.contains("none"));
    write("fact~new.json", "{\"a\": [\"x\"]}");
    write("single.json", "{\"a\": \"x\"}");
    await().atMost(A_SECOND).until(() -> factory.calls.contains("updated fact~new"));
    await().atMost(A_SECOND).until(() -> "x".equals(single.value("a")));
    assertThat(factory.value("a")).isEqualTo(new String[] {"x"});
    Files.delete(felix.config().resolve("fact~new.json"));
    Files.delete(felix.config().resolve("single.json"));
    await().atMost(LONG).until(() -> factory.calls.contains("deleted fact~new"));
    await().atMost(LONG).until(() -> single.last == null);
    // And it may come again.
    write("fact~new.json", "{}");
    await()
        .atMost(LONG)
        .until(() -> factory.calls.stream().filter("updated fact~new"::equals).count() == 2);
  }

  @Test
  void whatTheConsoleChangesIsInTheFileAndOverlaidByNothing() throws Exception {
    write("fact~one.json", "{\n  \"z\": 1,\n  \"a\": 2\n}\n");
    startAll();
    Managed factory = felix.manageFactory("fact");
    await().atMost(LONG).until(() -> factory.last != null);
    Configuration configuration = felix.admin().getFactoryConfiguration("fact", "one", null);
    configuration.update(FrameworkUtil.asDictionary(Map.of("z", 1, "a", 3)));
    assertThat(text("fact~one.json")).isEqualTo("{\n  \"z\": 1,\n  \"a\": 3\n}\n");
    await().atMost(LONG).until(() -> Integer.valueOf(3).equals(factory.value("a")));

    Configuration created = felix.admin().createFactoryConfiguration("fact", null);
    created.update(FrameworkUtil.asDictionary(Map.of("n", 5L)));
    String file = created.getPid() + ".json";
    assertThat(text(file))
        .isEqualTo("{\n  \"n:Long\": 5,\n  \"service.factoryPid\": \"fact\"\n}\n");
    created.delete();
    assertThat(felix.config().resolve(file)).doesNotExist();
  }

  @Test
  void askingForAConfigurationLeavesNoFile() throws Exception {
    startAll();
    Configuration asked = felix.admin().getConfiguration("asked", "?");
    assertThat(asked.getProperties()).isNull();
    felix.manage("asked");
    assertThat(felix.config()).isEmptyDirectory();
  }

  @Test
  void everythingIsThereAfterConfigurationAdminRestarts() throws Exception {
    felix.startStorage();
    Bundle bundle = felix.startConfigurationAdmin();
    Configuration created = felix.admin().createFactoryConfiguration("fact", null);
    created.update(FrameworkUtil.asDictionary(Map.of("n", 5, "l", new long[] {1})));
    bundle.stop();
    write("fact~two.json", "{}");
    bundle.start();
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(felix.admin().listConfigurations("(service.factoryPid=fact)"))
                    .extracting(Configuration::getPid)
                    .containsExactlyInAnyOrder(created.getPid(), "fact~two"));
    Configuration again = felix.admin().getConfiguration(created.getPid());
    assertThat(again.getFactoryPid()).isEqualTo("fact");
    assertThat(again.getProperties().get("n")).isEqualTo(5);
    assertThat(again.getProperties().get("l")).isEqualTo(new long[] {1});
  }

  @Test
  void aBadFileKeepsTheLastGoodVersionInForceAlsoOverARestart() throws Exception {
    write("single.json", "{\"a\": 1}");
    startAll();
    Managed single = felix.manage("single");
    await().atMost(LONG).until(() -> single.last != null);
    Path versions = base.resolve("data/config-history/single");
    await().atMost(LONG).until(() -> Files.isDirectory(versions) && count(versions) == 1);

    write("single.json", "{\"a\": 1,}");
    await().atMost(LONG).until(() -> !felix.problems.isEmpty());
    assertThat(felix.problems)
        .extracting(Problem::message)
        .containsExactly(
            "config/single.json:1:9: expected a key in double quotes after the comma, found '}';"
                + " the last good version stays in force");
    assertThat(single.calls).containsExactly("updated");

    felix.stopStorage();
    felix.startStorage();
    assertThat(felix.admin().getConfiguration("single", "?").getProperties().get("a")).isEqualTo(1);
    write("single.json", "{\"a\": 2}");
    await().atMost(LONG).until(() -> felix.problems.isEmpty());
    await().atMost(LONG).until(() -> Integer.valueOf(2).equals(single.value("a")));
  }

  private static long count(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void declaredTypesAreUsedAndWrongOnesNeverArrive() throws Exception {
    write("fact~one.json", "{\n  \"port\": 502,\n  \"prt\": 1\n}");
    write("fact~two.json", "{\n  \"port\": \"x\"\n}");
    write("fact~three.json", "{\n  \"port\": 70000\n}");
    startAll();
    Bundle declaration =
        felix.installDeclaration(
            "fact", "<AD id='port' type='Long' min='1' max='65535' required='false'/>");
    declaration.start();
    Managed factory = felix.manageFactory("fact");
    await().atMost(LONG).until(() -> factory.last != null);
    assertThat(factory.value("port")).isEqualTo(502L);
    await().atMost(LONG).until(() -> felix.problems.size() == 3);
    assertThat(felix.problems)
        .extracting(Problem::message)
        .containsExactlyInAnyOrder(
            "config/fact~one.json:3:3: unknown key 'prt' (did you mean 'port'?); known keys: port",
            "config/fact~three.json:2:11: key 'port': the value 70000 is refused: greater than"
                + " maximum; there is no earlier good version, so nothing of it is in force",
            "config/fact~two.json:2:11: key 'port': expected a whole number of"
                + " -9223372036854775808..9223372036854775807, found the text \"x\"; there is no"
                + " earlier good version, so nothing of it is in force");
    assertThat(factory.calls).containsExactly("updated fact~one");

    Configuration one = felix.admin().getFactoryConfiguration("fact", "one", null);
    assertThatThrownBy(() -> one.update(FrameworkUtil.asDictionary(Map.of("port", "y"))))
        .hasMessageContaining("config/fact~one.json was not saved: key 'port': expected");
    one.update(FrameworkUtil.asDictionary(Map.of("port", 503L)));
    assertThat(text("fact~one.json")).isEqualTo("{\n  \"port\": 503\n}\n");
    declaration.uninstall();
    await().atMost(LONG).until(() -> factory.calls.contains("updated fact~three"));
  }

  @Test
  void aConfigurationThatNoBundleUsesIsNamedOnlyAfterTheStart() throws Exception {
    write("fcat~one.json", "{}");
    write("served.json", "{}");
    startAll();
    felix.manage("served");
    felix.installDeclaration("fact", "<AD id='port' type='Long' required='false'/>").start();
    assertThat(felix.problems).isEmpty();
    await().atMost(Duration.ofSeconds(12)).until(() -> !felix.problems.isEmpty());
    assertThat(felix.problems)
        .containsExactly(
            new Problem(
                Problem.Severity.WARNING,
                "fcat~one",
                "config/fcat~one.json: no installed bundle uses the PID 'fcat' (did you mean"
                    + " 'fact'?); known PIDs: fact"));
  }

  @Test
  void changesAreAuditedByNameWithoutValues() throws Exception {
    write("single.json", "{\"a\": 1, \"secret\": 1}");
    startAll();
    write("single.json", "{\"a\": 2, \"secret\": 1}");
    await().atMost(LONG).until(() -> felix.audited.size() == 1);
    felix
        .admin()
        .getConfiguration("single", "?")
        .update(FrameworkUtil.asDictionary(Map.of("b", 1)));
    await().atMost(LONG).until(() -> felix.audited.size() == 2);
    Actor.Scope scope = new Actor("anna", "192.0.2.9").enter();
    try {
      felix.admin().getConfiguration("single", "?").delete();
    } finally {
      scope.close();
    }
    await().atMost(LONG).until(() -> felix.audited.size() == 3);
    assertThat(felix.audited)
        .extracting(
            AuditEvent::subject, AuditEvent::origin, event -> event.details().get("changed"))
        .containsExactly(
            tuple("single", "file", "a"),
            tuple("single", "configuration admin", "a,b,secret"),
            tuple("single", "192.0.2.9", "removed"));
  }

  /** Whoever wins, file, Configuration Admin and service agree in the end. */
  @Test
  void editorAndConsoleAtTheSameTimeEndInAgreement() throws Exception {
    write("single.json", "{\"n\": 0}");
    startAll();
    Managed single = felix.manage("single");
    Configuration configuration = felix.admin().getConfiguration("single", "?");
    int refused = 0;
    for (int i = 1; i <= 200; i++) {
      if (i % 3 == 0) {
        write("single.json", "{\"n\": " + i + "}");
      } else {
        try {
          configuration.update(FrameworkUtil.asDictionary(Map.of("n", i)));
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("has just been changed by hand");
          refused++;
        }
      }
    }
    assertThat(refused).isBetween(1, 199);
    await().atMost(LONG).untilAsserted(() -> assertThat(agreed(configuration, single)).isTrue());
    write("single.json", "{\"n\": -1}");
    await().atMost(LONG).until(() -> agreed(configuration, single) && single.value("n").equals(-1));
  }

  private boolean agreed(Configuration configuration, Managed managed) throws Exception {
    Object n = configuration.getProperties().get("n");
    return n.equals(managed.value("n"))
        && text("single.json").replaceAll("\\s", "").equals("{\"n\":" + n + "}");
  }

  @Test
  void aLockedConfigurationIsNotChangedAndNamed() throws Exception {
    write("single.json", "{\"a\": 1}");
    startAll();
    felix.manage("single");
    Configuration single = felix.admin().getConfiguration("single", "?");
    single.addAttributes(Configuration.ConfigurationAttribute.READ_ONLY);
    write("single.json", "{\"a\": 2}");
    await().atMost(LONG).until(() -> !felix.problems.isEmpty());
    assertThat(felix.problems)
        .extracting(Problem::message)
        .containsExactly(
            "config/single.json is not in force: the configuration is locked; unlock it and save"
                + " the file again");
    assertThat(single.getProperties().get("a")).isEqualTo(1);
  }

  @Test
  void editsMadeWhileNobodyWatchedAreAudited() throws Exception {
    write("single.json", "{\"a\": 1}");
    startAll();
    await().atMost(LONG).until(() -> Files.exists(base.resolve("data/config-history/single")));
    felix.stopStorage();
    write("single.json", "{\"a\": 2}");
    felix.startStorage();
    await().atMost(LONG).until(() -> felix.audited.size() == 1);
    assertThat(felix.audited.get(0).details())
        .isEqualTo(Map.of("changed", "while the gateway was stopped"));
  }

  @Test
  void noThreadIsLeftBehind() throws Exception {
    startAll();
    felix.stopStorage();
    await()
        .atMost(LONG)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .noneMatch(List.of("snaprail-config", "snaprail-config-watch")::contains));
  }
}
