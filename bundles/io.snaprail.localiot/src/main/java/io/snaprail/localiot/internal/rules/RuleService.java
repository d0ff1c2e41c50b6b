package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.broker.MessageTap;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.service.Faults;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceException;
import io.snaprail.localiot.internal.service.ServiceThread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules engine: looks at each message and does what rules say. A message that a rule has
 * published is looked at again, up to {@link Quotas#RULE_CHAIN} times, so that rules that feed each
 * other come to an end. Operations are safe for any thread.
 */
public final class RuleService implements MessageTap {
  private static final Logger LOG = LoggerFactory.getLogger(RuleService.class);
  private static final Pattern BASIC_INGEST = Pattern.compile("\\$aws/rules/([^/]+)/(.*)");

  private final Store store;
  private final RuleFiles files;
  private final LineFiles lines;
  private final ServiceThread thread;
  private final Publisher publisher;
  private final RequestGate gate =
      new RequestGate(
          new RequestGate.Limits(Quotas.RULE_MESSAGES, Quotas.RULE_MESSAGES, 0), System::nanoTime);
  private final LimitedLog log = new LimitedLog(LOG);

  private volatile List<Rule> rules = List.of();

  /** Rules that something was said about. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  // How many rules have led to what is published now. Services' thread only, but for the look from
  // published(), which that thread makes while it publishes.
  private int chain;
  private volatile boolean publishing;
  private volatile long publishingThread;

  /**
   * Where rules are kept.
   *
   * @param folder with {@code rules} and {@code rule-files}
   * @param clock for timestamp()
   * @param faults told what people should know
   */
  public record Store(Path folder, Clock clock, Faults faults) {}

  /** Publishes what a rule has made. */
  @FunctionalInterface
  public interface Publisher {
    /** Why it was not taken; empty when it was. */
    Optional<String> publish(String topic, byte[] payload, int qos);
  }

  /** Reads the rules that are there. */
  public RuleService(Store store, ServiceThread thread, Publisher publisher) {
    this.store = store;
    this.files = new RuleFiles(store.folder().resolve("rules"));
    this.lines = new LineFiles(store.folder().resolve("rule-files"));
    this.thread = thread;
    this.publisher = publisher;
    load();
  }

  // ---- messages

  @Override
  public void published(String clientId, String topic, byte[] payload) {
    List<Rule> concerned = concerned(topic);
    if (concerned.isEmpty()) {
      return;
    }
    int before = publishing && Thread.currentThread().getId() == publishingThread ? chain : 0;
    if (before >= Quotas.RULE_CHAIN) {
      fault(
          concerned.get(0),
          "rules feed each other for more than "
              + Quotas.RULE_CHAIN
              + " times with topic '"
              + topic
              + "'; change their topics");
      return;
    }
    if (!gate.enter("")) {
      log.warn("rules", "rules come too late for the messages: some are not looked at");
      return;
    }
    thread.execute(
        () -> {
          try {
            run(concerned, clientId, topic, payload, before);
          } finally {
            gate.leave("");
          }
        });
  }

  private List<Rule> concerned(String topic) {
    List<Rule> all = rules;
    if (all.isEmpty()) {
      return all;
    }
    Matcher basic = BASIC_INGEST.matcher(topic);
    String direct = basic.matches() ? basic.group(1) : "";
    List<Rule> concerned = new ArrayList<>();
    for (Rule rule : all) {
      boolean meant =
          direct.isEmpty() ? rule.statement().from().matches(topic) : rule.name().equals(direct);
      if (rule.enabled() && meant) {
        concerned.add(rule);
      }
    }
    return concerned;
  }

  private void run(
      List<Rule> concerned, String clientId, String topic, byte[] payload, int before) {
    Matcher basic = BASIC_INGEST.matcher(topic);
    Input input =
        new Input(
            clientId,
            basic.matches() ? basic.group(2) : topic,
            object(payload),
            store.clock().millis());
    for (Rule rule : concerned) {
      byte[] outcome = outcome(rule.statement(), input, payload);
      if (outcome != null) {
        rule.actions().forEach(action -> act(rule, action, input, outcome, before));
      }
    }
  }

  private static byte @org.jspecify.annotations.Nullable [] outcome(
      Statement statement, Input input, byte[] payload) {
    if (statement.passesOn()) {
      return statement.holds(input) ? payload : null;
    }
    return statement.apply(input).map(Outbox::bytes).orElse(null);
  }

  private void act(Rule rule, Rule.Action action, Input input, byte[] outcome, int before) {
    if (action instanceof Rule.Republish republish) {
      republish(rule, republish, input, outcome, before);
    } else if (action instanceof Rule.ToFile file) {
      try {
        lines.append(file.name(), outcome);
      } catch (IOException e) {
        fault(rule, "file '" + file.name() + "' cannot be written: " + e.getMessage());
      }
    } else {
      log.warn(
          "rule " + rule.name() + " " + input.topic(),
          "rule '%s' on '%s': %s"
              .formatted(rule.name(), input.topic(), new String(outcome, StandardCharsets.UTF_8)));
    }
  }

  private void republish(
      Rule rule, Rule.Republish republish, Input input, byte[] outcome, int before) {
    Optional<String> topic = republish.topic().text(input);
    if (topic.isEmpty()) {
      fault(rule, "its topic has no value for a message on '" + input.topic() + "'");
      return;
    }
    // Two dollars stand for the one of a reserved topic (developer guide, "Republish").
    String target = topic.get().startsWith("$$") ? topic.get().substring(1) : topic.get();
    chain = before + 1;
    publishingThread = Thread.currentThread().getId();
    publishing = true;
    try {
      publisher
          .publish(target, outcome, republish.qos())
          .ifPresent(why -> fault(rule, "cannot republish on '" + target + "': " + why));
    } finally {
      publishing = false;
    }
  }

  private void fault(Rule rule, String words) {
    tell(rule.name(), "rule '" + rule.name() + "': " + words);
  }

  private void tell(String rule, String words) {
    told.add(rule);
    store.faults().report("rule " + rule, words);
  }

  private static JsonObject object(byte[] payload) {
    try {
      return StrictJson.parseObject(new String(payload, StandardCharsets.UTF_8));
    } catch (JsonException noObject) {
      return new JsonObject();
    }
  }

  // ---- operations

  /** The documents of the rules, by name. */
  public Map<String, String> list() throws ServiceException {
    return thread.call(
        () -> {
          try {
            return files.texts();
          } catch (IOException e) {
            throw failed(e);
          }
        });
  }

  /** Makes a rule or replaces it; it counts at once. */
  public void put(String name, String document) throws ServiceException {
    thread.call(
        () -> {
          Rule.parse(name, document);
          boolean known = rules.stream().anyMatch(rule -> rule.name().equals(name));
          if (!known && rules.size() >= Quotas.RULES) {
            throw RuleException.invalid(
                "there are " + Quotas.RULES + " rules, which is the most; delete one first");
          }
          try {
            files.write(name, document);
          } catch (IOException e) {
            throw failed(e);
          }
          load();
          return true;
        });
  }

  /** Deletes a rule; succeeds when there is none. */
  public void delete(String name) throws ServiceException {
    thread.call(
        () -> {
          if (!Rule.validName(name)) {
            throw RuleException.invalid("rule: there can be none called '" + name + "'");
          }
          try {
            files.delete(name);
          } catch (IOException e) {
            throw failed(e);
          }
          load();
          return true;
        });
  }

  private void load() {
    told.forEach(rule -> store.faults().resolve("rule " + rule));
    told.clear();
    List<Rule> loaded = new ArrayList<>();
    try {
      for (Map.Entry<String, String> text : files.texts().entrySet()) {
        try {
          loaded.add(Rule.parse(text.getKey(), text.getValue()));
        } catch (RuleException e) {
          tell(text.getKey(), "rule '" + text.getKey() + "' does not count: " + e.words());
        }
      }
    } catch (IOException e) {
      tell("", "the rules cannot be read: " + e.getMessage());
    }
    rules = loaded.stream().limit(Quotas.RULES).toList();
  }

  private static RuleException failed(IOException cause) {
    return new RuleException(
        500, "InternalException", "the disk refuses: " + cause.getMessage(), cause);
  }
}
