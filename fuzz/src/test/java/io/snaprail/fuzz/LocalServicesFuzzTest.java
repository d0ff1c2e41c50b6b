package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.localiot.internal.jobs.JobExecution;
import io.snaprail.localiot.internal.jobs.JobOrder;
import io.snaprail.localiot.internal.jobs.JobService;
import io.snaprail.localiot.internal.jobs.JobTargets;
import io.snaprail.localiot.internal.rules.RuleService;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceException;
import io.snaprail.localiot.internal.service.ServiceThread;
import io.snaprail.localiot.internal.shadow.ShadowTopics;
import io.snaprail.localiot.internal.shadow.Shadows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/** What clients may send to the services of the local endpoint, and people may write for them. */
@Timeout(30)
class LocalServicesFuzzTest implements Outbox {
  private static final String SHADOW = "$aws/things/T/shadow/";
  private static final String JOBS = "$aws/things/T/jobs/";
  private static final Set<Integer> SHADOW_CODES = Set.of(400, 404, 409, 413, 415);
  private static final Set<String> JOB_CODES =
      Set.of("InvalidJson", "InvalidRequest", "InvalidStateTransition", "VersionMismatch");

  private final List<Map.Entry<String, JsonObject>> sent = new ArrayList<>();

  @Override
  public void publish(String topic, byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    sent.add(Map.entry(topic, JsonParser.parseString(text).getAsJsonObject()));
  }

  @Override
  public void answer(String clientId, String topic, byte[] payload) {
    publish(topic, payload);
  }

  private static RequestGate gate() {
    return new RequestGate(new RequestGate.Limits(10, 10, 0), System::nanoTime);
  }

  /** Something to do with a folder that is gone afterwards. */
  private interface Work {
    void with(Path folder) throws Exception;
  }

  private static void inFolder(Work work) throws Exception {
    Path folder = Files.createTempDirectory("fuzz");
    try {
      work.with(folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** An input is updates of one shadow, with a byte 0 between them. */
  @FuzzTest
  void shadow(byte[] input) throws Exception {
    inFolder(
        folder -> {
          ShadowTopics topics =
              new ShadowTopics(
                  new Shadows(folder, thing -> true, Clock.systemUTC(), fault -> {}),
                  Runnable::run,
                  this,
                  gate());
          JsonObject model = new JsonObject();
          long version = 0;
          int start = 0;
          for (int end = 0; end <= input.length; end++) {
            if (end == input.length || input[end] == 0) {
              byte[] payload = Arrays.copyOfRange(input, start, end);
              start = end + 1;
              version = update(topics, payload, model, version);
            }
          }
        });
  }

  private long update(ShadowTopics topics, byte[] payload, JsonObject model, long version) {
    sent.clear();
    topics.request("c", SHADOW + "update", payload);
    Map.Entry<String, JsonObject> last = sent.get(sent.size() - 1);
    if (last.getKey().endsWith("rejected")) {
      assertThat(sent).hasSize(1);
      assertThat(SHADOW_CODES).contains(last.getValue().get("code").getAsInt());
      return version;
    }
    assertThat(last.getKey()).isEqualTo(SHADOW + "update/accepted");
    assertThat(last.getValue().get("version").getAsLong()).isEqualTo(version + 1);
    JsonObject state =
        JsonParser.parseString(new String(payload, StandardCharsets.UTF_8))
            .getAsJsonObject()
            .getAsJsonObject("state");
    merge(model, state);
    JsonObject current =
        sent.get(sent.size() - 2).getValue().getAsJsonObject("current").getAsJsonObject("state");
    assertThat(current).isEqualTo(model);
    int bytes = 0;
    for (String section : current.keySet()) {
      bytes += withNulls(current.get(section)).getBytes(StandardCharsets.UTF_8).length;
    }
    assertThat(bytes).isLessThanOrEqualTo(8192);
    return version + 1;
  }

  private static String withNulls(JsonElement element) {
    return new com.google.gson.GsonBuilder()
        .serializeNulls()
        .disableHtmlEscaping()
        .create()
        .toJson(element);
  }

  /**
   * The rule of the guide by another hand: null removes, objects are gone into, all else is put.
   */
  private static void merge(JsonObject into, JsonObject sent) {
    for (String key : sent.keySet()) {
      JsonElement value = sent.get(key);
      if (value.isJsonNull()) {
        into.remove(key);
      } else if (value.isJsonObject()) {
        JsonElement old = into.get(key);
        JsonObject inner =
            old != null && old.isJsonObject() ? old.getAsJsonObject() : new JsonObject();
        merge(inner, value.getAsJsonObject());
        into.add(key, inner);
      } else {
        into.add(key, value.deepCopy());
      }
    }
  }

  /** An input is the payload of an update of a job's execution. */
  @FuzzTest
  void jobUpdate(byte[] input) throws Exception {
    inFolder(
        folder -> {
          JobService jobs = jobs(folder);
          jobs.create(order("{\"a\":1}"));
          sent.clear();
          jobs.request("c", JOBS + "job/update", input);
          Map.Entry<String, JsonObject> answer = sent.get(0);
          JobExecution after = jobs.get("job").executions().get("T");
          if (answer.getKey().endsWith("accepted")) {
            assertThat(after.version()).isEqualTo(2);
            assertThat(after.details()).hasSizeLessThanOrEqualTo(10);
            assertThat(jobs(folder).get("job").executions().get("T")).isEqualTo(after);
          } else {
            assertThat(after.version()).isEqualTo(1);
            assertThat(JOB_CODES).contains(answer.getValue().get("code").getAsString());
          }
        });
  }

  /** An input is the document of a job. */
  @FuzzTest
  void jobDocument(byte[] input) throws Exception {
    inFolder(
        folder -> {
          JobService jobs = jobs(folder);
          String document = new String(input, StandardCharsets.UTF_8);
          try {
            jobs.create(order(document));
          } catch (ServiceException refused) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused).hasMessageStartingWith("document: ");
            return;
          }
          sent.clear();
          jobs(folder).request("c", JOBS + "job/get", new byte[0]);
          assertThat(sent.get(0).getValue().getAsJsonObject("execution").get("jobDocument"))
              .isEqualTo(JsonParser.parseString(document));
        });
  }

  private static JobOrder order(String document) {
    return new JobOrder(
        "job", new JobOrder.Targets(List.of("T"), List.of(), false), document, "", 0);
  }

  private JobService jobs(Path folder) {
    JobTargets targets =
        new JobTargets() {
          @Override
          public boolean hasThing(String name) {
            return true;
          }

          @Override
          public boolean hasGroup(String name) {
            return false;
          }

          @Override
          public Collection<String> things(String group) {
            return List.of();
          }
        };
    return new JobService(
        new JobService.Store(
            folder,
            targets,
            Clock.systemUTC(),
            fault -> {
              throw new AssertionError(fault);
            }),
        new ServiceThread(Runnable::run),
        this,
        gate());
  }

  /** An input is a statement and, behind a byte 0, the payload of a message. */
  @FuzzTest
  void rule(byte[] input) throws Exception {
    int zero = 0;
    while (zero < input.length && input[zero] != 0) {
      zero++;
    }
    String sql = new String(input, 0, zero, StandardCharsets.UTF_8);
    byte[] payload = Arrays.copyOfRange(input, Math.min(zero + 1, input.length), input.length);
    inFolder(folder -> rule(folder, sql, payload));
  }

  private void rule(Path folder, String sql, byte[] payload) throws IOException {
    List<byte[]> outcomes = new ArrayList<>();
    RuleService rules =
        new RuleService(
            new RuleService.Store(
                folder,
                Clock.systemUTC(),
                (rule, fault) -> {
                  throw new AssertionError(fault);
                }),
            new ServiceThread(Runnable::run),
            (topic, outcome, qos) -> {
              outcomes.add(outcome);
              return Optional.empty();
            });
    try {
      rules.put("r", document(sql));
    } catch (ServiceException refused) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(String.valueOf(refused.getMessage()).length()).isLessThan(500 + sql.length());
      return;
    }
    rules.published("c", "$aws/rules/r/t", payload);
    assertThat(outcomes).hasSizeLessThanOrEqualTo(1);
    for (byte[] outcome : outcomes) {
      if (!Arrays.equals(outcome, payload)) {
        assertThat(
                JsonParser.parseString(new String(outcome, StandardCharsets.UTF_8)).isJsonObject())
            .isTrue();
      }
    }
  }

  private static String document(String sql) {
    JsonObject topic = new JsonObject();
    topic.addProperty("topic", "out");
    JsonObject action = new JsonObject();
    action.add("republish", topic);
    JsonArray actions = new JsonArray();
    actions.add(action);
    JsonObject rule = new JsonObject();
    rule.addProperty("sql", sql);
    rule.add("actions", actions);
    rule.add("errorAction", JsonNull.INSTANCE);
    return withNulls(rule);
  }
}
