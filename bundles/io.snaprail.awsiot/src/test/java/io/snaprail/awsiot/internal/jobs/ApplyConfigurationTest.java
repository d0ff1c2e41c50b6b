package io.snaprail.awsiot.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ApplyConfigurationTest {
  private final Map<String, Map<String, Object>> stored = new TreeMap<>();
  private final ApplyConfiguration operation =
      new ApplyConfiguration(this::admin, board(), "io.snaprail.awsiot~cloud");

  /** A store that takes no negative number, and a driver that cannot do with a port of 1. */
  private ConfigurationAdmin admin() {
    return proxy(
        ConfigurationAdmin.class,
        (name, arguments) ->
            switch (name) {
              case "listConfigurations" -> find((String) arguments[0]);
              case "getFactoryConfiguration" -> configuration(arguments[0] + "~" + arguments[1]);
              case "getConfiguration" -> configuration((String) arguments[0]);
              default -> throw new UnsupportedOperationException(name);
            });
  }

  private Configuration[] find(String filter) {
    String pid = filter.substring("(service.pid=".length(), filter.length() - 1);
    return stored.containsKey(pid) ? new Configuration[] {configuration(pid)} : null;
  }

  private Configuration configuration(String pid) {
    return proxy(
        Configuration.class,
        (name, arguments) -> {
          switch (name) {
            case "getProperties" -> {
              return FrameworkUtil.asDictionary(stored.get(pid));
            }
            case "delete" -> stored.remove(pid);
            case "update" -> stored.put(pid, checked(pid, (Dictionary<?, ?>) arguments[0]));
            default -> throw new UnsupportedOperationException(name);
          }
          return null;
        });
  }

  private static Map<String, Object> checked(String pid, Dictionary<?, ?> settings)
      throws IOException {
    Map<String, Object> values = new TreeMap<>();
    for (Object key : Collections.list(settings.keys())) {
      values.put((String) key, settings.get(key));
      if (settings.get(key) instanceof Long number && number < 0) {
        throw new IOException(pid + ": " + key + ": expected 0 or more, found " + number);
      }
    }
    return values;
  }

  private ProblemBoard board() {
    return new ProblemBoard() {
      @Override
      public void report(String source, List<Problem> problems) {}

      @Override
      public List<Entry> problems() {
        return stored.entrySet().stream()
            .filter(one -> Long.valueOf(1).equals(one.getValue().get("port")))
            .map(
                one ->
                    new Entry(
                        one.getKey(),
                        new Problem(Problem.Severity.ERROR, one.getKey(), "port: expected another"),
                        Instant.EPOCH))
            .toList();
      }
    };
  }

  private interface Call {
    Object make(String name, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.make(method.getName(), arguments)));
  }

  private Map<String, String> run(String configurations) throws Exception {
    JsonObject document = new JsonObject();
    document.add("configurations", JsonParser.parseString(configurations.replace('\'', '"')));
    return operation.run(
        new JobRun() {
          @Override
          public String id() {
            return "j";
          }

          @Override
          public JsonObject document() {
            return document;
          }

          @Override
          public Map<String, String> before() {
            return Map.of();
          }

          @Override
          public void step(String step, Map<String, String> details) {}
        });
  }

  @Test
  void configurationsAreMadeReplacedAndRemoved() throws Exception {
    stored.put("d~old", Map.of("host", "a"));
    stored.put("d~gone", Map.of("host", "b"));
    Map<String, String> details =
        run("{'d~old':{'host':'c','ports':[1,2]},'d~gone':null,'d~new':{'on':true,'x':1.5}}");
    assertThat(details).containsEntry("applied", "d~old, d~gone, d~new");
    assertThat(stored).containsOnlyKeys("d~old", "d~new");
    assertThat(stored.get("d~old"))
        .containsEntry("host", "c")
        .containsEntry("ports", new Long[] {1L, 2L});
    assertThat(stored.get("d~new")).containsEntry("on", true).containsEntry("x", 1.5);
  }

  @Test
  void oneThatIsRefusedPutsAllBack() {
    stored.put("d~a", Map.of("port", 5L));
    assertThatThrownBy(() -> run("{'d~a':{'port':6},'d~b':{'port':7},'d~c':{'port':-1}}"))
        .isInstanceOf(JobFailedException.class)
        .hasMessage("d~c: port: expected 0 or more, found -1; what was there before is in force");
    assertThat(stored).isEqualTo(Map.of("d~a", Map.of("port", 5L)));
  }

  @Test
  void oneThatMakesAnErrorPutsAllBack() {
    stored.put("d~a", Map.of("port", 5L));
    assertThatThrownBy(() -> run("{'d~a':{'port':1}}"))
        .hasMessage("port: expected another; what was there before is in force");
    assertThat(stored).isEqualTo(Map.of("d~a", Map.of("port", 5L)));
  }

  @Test
  void errorThatWasThereBeforeIsNoneOfTheJob() throws Exception {
    stored.put("d~a", Map.of("port", 1L));
    assertThat(run("{'d~a':{'port':1,'host':'x'}}")).containsEntry("applied", "d~a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}|expected 'configurations'",
        "{'io.snaprail.awsiot~cloud':null}|not that of the uplink",
        "{'a)(b':{}}|expected a PID",
        "{'a':5}|expected an object",
        "{'a':{'b':{}}}|a: b: expected a text",
        "{'a':{'b':[1,'x']}}|a: b: expected a list of one kind",
        "{'a':{'b':99999999999999999999}}|at most 64 bits",
      })
  void whatIsWrongIsToldAndNothingIsTouched(String configurations, String message) {
    assertThatThrownBy(() -> run(configurations))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining(message);
    assertThat(stored).isEmpty();
  }
}
