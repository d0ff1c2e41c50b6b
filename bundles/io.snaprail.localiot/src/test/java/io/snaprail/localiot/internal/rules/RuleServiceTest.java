package io.snaprail.localiot.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.service.Faults;
import io.snaprail.localiot.internal.service.ServiceThread;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules from message to action. Developer guide, "Rules for AWS IoT". */
class RuleServiceTest {
  @TempDir private Path folder;
  private final List<String> published = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> resolved = new ArrayList<>();
  private RuleService rules;

  @BeforeEach
  void open() {
    rules =
        new RuleService(
            new RuleService.Store(folder, Clock.systemUTC(), new Board()),
            new ServiceThread(Runnable::run),
            this::publish);
  }

  // As the broker does: what is published is shown to the rules again.
  private Optional<String> publish(String topic, byte[] payload, int qos) {
    published.add(topic + " " + qos + " " + new String(payload, StandardCharsets.UTF_8));
    rules.published("", topic, payload);
    return topic.isEmpty() ? Optional.of("no topic") : Optional.empty();
  }

  private void message(String topic, String payload) {
    rules.published("client-1", topic, payload.getBytes(StandardCharsets.UTF_8));
  }

  private final class Board implements Faults {
    @Override
    public void report(String matter, String words) {
      faults.add(words);
    }

    @Override
    public void resolve(String matter) {
      resolved.add(matter);
    }
  }

  private static String rule(String sql, String action) {
    return "{\"sql\":\"%s\",\"awsIotSqlVersion\":\"2016-03-23\",\"actions\":[%s]}"
        .formatted(sql, action);
  }

  private static String republish(String topic) {
    return "{\"republish\":{\"topic\":\"" + topic + "\",\"qos\":1}}";
  }

  @Test
  void republishesWithSubstitution() throws Exception {
    rules.put("r", rule("SELECT v FROM 'in/+' WHERE v > 1", republish("${topic()}/out/${v}")));
    message("in/a", "{\"v\":1}");
    message("in/a", "{\"v\":2,\"w\":3}");
    message("other", "{\"v\":2}");
    assertThat(published).containsExactly("in/a/out/2 1 {\"v\":2}");
  }

  @Test
  void selectAllPassesOnWhatIsNotJson() throws Exception {
    rules.put("r", rule("SELECT * FROM 'in'", republish("out")));
    message("in", "not json");
    assertThat(published).containsExactly("out 1 not json");
  }

  // Developer guide, "Republish": $$ stands for the $ of a reserved topic.
  @Test
  void reachesReservedTopicsByTwoDollars() throws Exception {
    rules.put("r", rule("SELECT * FROM 'in'", republish("$$aws/things/T/shadow/update")));
    message("in", "{}");
    assertThat(published).containsExactly("$aws/things/T/shadow/update 1 {}");
  }

  // Developer guide, "Reducing messaging costs with Basic Ingest".
  @Test
  void basicIngestGoesToTheNamedRuleWithoutItsPrefix() throws Exception {
    rules.put("r", rule("SELECT topic() AS t FROM 'whatever'", republish("out")));
    rules.put("s", rule("SELECT * FROM '$aws/rules/#'", republish("never")));
    message("$aws/rules/r/a/b", "{}");
    message("$aws/rules/nobody/a", "{}");
    assertThat(published).containsExactly("out 1 {\"t\":\"a/b\"}");
  }

  @Test
  void rulesThatFeedEachOtherComeToAnEnd() throws Exception {
    rules.put("ping", rule("SELECT * FROM 'ping'", republish("pong")));
    rules.put("pong", rule("SELECT * FROM 'pong'", republish("ping")));
    message("ping", "{}");
    assertThat(published).hasSize(Quotas.RULE_CHAIN);
    assertThat(faults).singleElement().asString().contains("feed each other");
    published.clear();
    message("ping", "{}");
    assertThat(published).hasSize(Quotas.RULE_CHAIN);
  }

  @Test
  void appendsToAFileThatIsRotated() throws Exception {
    rules.put("r", rule("SELECT * FROM 'in'", "{\"file\":{\"name\":\"values.jsonl\"}}"));
    Path file = folder.resolve("rule-files/values.jsonl");
    message("in", "{\"v\":1}");
    message("in", "{\"v\":2}");
    assertThat(file).hasContent("{\"v\":1}\n{\"v\":2}\n");
    String large = "{\"v\":\"" + "x".repeat(100_000) + "\"}";
    for (int i = 0; i < 25; i++) {
      message("in", large);
    }
    assertThat(Files.size(file)).isLessThanOrEqualTo(1024 * 1024);
    assertThat(Files.size(folder.resolve("rule-files/values.jsonl.1")))
        .isLessThanOrEqualTo(1024 * 1024);
    assertThat(folder.resolve("rule-files").toFile().list()).hasSize(2);
  }

  @Test
  void tellsWhatAnActionCannotDo() throws Exception {
    Files.writeString(folder.resolve("rule-files"), "a file where the folder should be");
    rules.put("f", rule("SELECT * FROM 'in'", "{\"file\":{\"name\":\"x\"}}"));
    rules.put("r", rule("SELECT * FROM 'in'", republish("${missing}")));
    message("in", "{}");
    assertThat(faults).hasSize(2);
    assertThat(faults.get(0)).contains("rule 'f'", "'x'");
    assertThat(faults.get(1)).contains("rule 'r'", "no value");
  }

  @Test
  void aRuleIsKeptReplacedDisabledAndDeleted() throws Exception {
    rules.put("r", rule("SELECT * FROM 'in'", republish("out")));
    open();
    message("in", "1");
    rules.put("r", "{\"sql\":\"SELECT * FROM 'in'\",\"ruleDisabled\":true,\"actions\":[]}");
    message("in", "2");
    rules.delete("r");
    message("in", "3");
    assertThat(published).containsExactly("out 1 1");
    assertThat(rules.list()).isEmpty();
  }

  @Test
  void aRuleByHandThatIsWrongIsNamedAndTheOthersCount() throws Exception {
    rules.put("good", rule("SELECT * FROM 'in'", republish("out")));
    Files.writeString(folder.resolve("rules/bad.json"), "{\"sql\":\"SELECT\",\"actions\":[]}");
    open();
    assertThat(faults).singleElement().asString().contains("rule 'bad'", "character 7");
    message("in", "1");
    assertThat(published).hasSize(1);
    assertThat(resolved).isEmpty();
    rules.put("bad", rule("SELECT * FROM 'other'", republish("out")));
    assertThat(resolved).containsExactly("rule bad");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a b | {} | a b",
        "r | {} | sql",
        "r | {\"sql\":7} | sql",
        "r | {\"sql\":\"SELECT * FROM 't'\"} | actions",
        "r | {\"sql\":\"SELECT * FROM 't'\",\"actions\":[{\"s3\":{}}]} | 's3' is not known",
        "r | {\"sql\":\"SELECT * FROM 't'\",\"actions\":[{\"republish\":{}}]} | topic",
        "r | {\"sql\":\"SELECT * FROM"
            + " 't'\",\"actions\":[{\"republish\":{\"topic\":\"x\",\"qos\":2}}]} | qos",
        "r | {\"sql\":\"SELECT * FROM 't'\",\"actions\":[{\"republish\":{\"topic\":\"${\"}}]} | ok",
        "r | {\"sql\":\"SELECT * FROM 't'\",\"actions\":[{\"republish\":{\"topic\":\"${1 +}\"}}]} |"
            + " a value",
        "r | {\"sql\":\"SELECT * FROM 't'\",\"actions\":[{\"file\":{\"name\":\"../x\"}}]} | ../x",
        "r | {\"sql\":\"SELECT * FROM 't'\",\"actions\":[{\"file\":{\"name\":\".x\"}}]} | .x",
      })
  void saysWhatIsWrong(String name, String document, String words) throws Exception {
    if (words.equals("ok")) {
      rules.put(name, document);
      return;
    }
    assertThatThrownBy(() -> rules.put(name, document)).hasMessageContaining(words);
    assertThat(rules.list()).isEmpty();
  }
}
