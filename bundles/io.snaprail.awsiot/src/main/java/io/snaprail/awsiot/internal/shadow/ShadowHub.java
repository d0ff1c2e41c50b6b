package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shadows of a thing over one connection: one thread, one set of subscriptions, one rate for
 * all of them.
 */
public final class ShadowHub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowHub.class);
  private static final long TICK_MS = 100;
  private static final long STOP_MS = 1_000;
  private static final List<String> ANSWERS =
      List.of(
          "get/accepted",
          "get/rejected",
          "update/accepted",
          "update/rejected",
          "update/delta",
          "delete/accepted");
  private static final Pattern TOPIC =
      Pattern.compile(
          "\\$aws/things/[^/]+/shadow/(?:name/([^/]+)/)?((?:get|update|delete)/[a-z]+)");

  private final Parts parts;
  private final ScheduledThreadPoolExecutor lane;
  private final RequestRate rate;
  private final String tokenPrefix = "sr" + Long.toHexString(System.nanoTime());

  // Of the lane.
  private final Map<String, ShadowWorker> workers = new HashMap<>();
  private final List<MqttSession.Subscription> subscriptions = new ArrayList<>();
  private boolean classic;
  private boolean named;
  private boolean classicReady;
  private boolean namedReady;
  private long tokens;

  /**
   * What the shadows work with.
   *
   * @param name of the uplink, for the thread
   * @param thing whose shadows they are
   * @param session to AWS
   * @param folder keeps what was decided about desired values
   * @param problems told of a shadow what is wrong with it; null when all is well again
   */
  public record Parts(
      String name,
      String thing,
      MqttSession session,
      Path folder,
      BiConsumer<String, @Nullable String> problems) {}

  /** Starts without shadows. */
  public ShadowHub(Parts parts) {
    this.parts = parts;
    this.rate = new RequestRate(System::nanoTime);
    this.lane =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "snaprail-awsiot-" + parts.name() + "-shadows");
              thread.setDaemon(true);
              return thread;
            });
    lane.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    lane.scheduleWithFixedDelay(
        guarded(() -> workers.values().forEach(ShadowWorker::tick)),
        TICK_MS,
        TICK_MS,
        TimeUnit.MILLISECONDS);
  }

  /** Runs a task on the thread of the shadows. */
  public void execute(Runnable task) {
    try {
      lane.execute(guarded(task));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: the shadows are stopping", parts.name());
    }
  }

  /**
   * Begins to keep a shadow; does nothing when it is kept already. On the lane.
   *
   * @param shadow its name; empty for the classic one
   */
  public void open(String shadow, ActuationSettings how) {
    if (workers.containsKey(shadow)) {
      return;
    }
    // '~' is in no shadow's name, so that the classic one has a file of its own.
    Path file = parts.folder().resolve((shadow.isEmpty() ? "~classic" : shadow) + ".json");
    try {
      ShadowWorker worker = new ShadowWorker(new Wire(shadow), shadow, Settlements.read(file), how);
      workers.put(shadow, worker);
      subscribe(shadow.isEmpty());
      if (shadow.isEmpty() ? classicReady : namedReady) {
        worker.ready();
      }
    } catch (IOException e) {
      parts.problems().accept(shadow, "it is not kept in step: " + e.getMessage());
    }
  }

  /** Tells a shadow what is there now. On the lane. */
  public void actual(String shadow, ShadowPath path, JsonElement value) {
    ShadowWorker worker = workers.get(shadow);
    if (worker != null) {
      worker.actual(path, value);
    }
  }

  /** Tells a shadow that nothing else is there any more. On the lane. */
  public void only(String shadow, Set<ShadowPath> present) {
    ShadowWorker worker = workers.get(shadow);
    if (worker != null) {
      worker.only(present);
    }
  }

  private void subscribe(boolean forClassic) {
    if (forClassic ? classic : named) {
      return;
    }
    classic |= forClassic;
    named |= !forClassic;
    String prefix = "$aws/things/" + parts.thing() + (forClassic ? "/shadow/" : "/shadow/name/+/");
    List<String> filters = ANSWERS.stream().map(answer -> prefix + answer).toList();
    subscriptions.add(parts.session().subscribe(filters, new Answers(forClassic)));
  }

  private static Runnable guarded(Runnable task) {
    // Where a task begins: nothing that it throws may end the others.
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a task of the shadows failed", e);
      }
    };
  }

  /** Hands everything over to the lane. */
  private final class Answers implements MessageHandler {
    private final boolean forClassic;

    Answers(boolean forClassic) {
      this.forClassic = forClassic;
    }

    @Override
    public void ready(Set<String> refused) {
      execute(() -> connected(refused));
    }

    private void connected(Set<String> refused) {
      if (!refused.isEmpty()) {
        mine(
            (name, worker) ->
                parts
                    .problems()
                    .accept(
                        name,
                        "the policy of this client does not allow to subscribe to "
                            + String.join(", ", refused.stream().sorted().toList())));
        return;
      }
      mark(true);
      mine((name, worker) -> worker.ready());
    }

    @Override
    public void lost() {
      execute(
          () -> {
            mark(false);
            mine((name, worker) -> worker.lost());
          });
    }

    private void mark(boolean ready) {
      if (forClassic) {
        classicReady = ready;
      } else {
        namedReady = ready;
      }
    }

    private void mine(BiConsumer<String, ShadowWorker> each) {
      Map.copyOf(workers)
          .forEach(
              (name, worker) -> {
                if (name.isEmpty() == forClassic) {
                  each.accept(name, worker);
                }
              });
    }

    @Override
    public void message(String topic, byte[] payload) {
      Matcher matcher = TOPIC.matcher(topic);
      if (!matcher.matches() || !ANSWERS.contains(matcher.group(2))) {
        return;
      }
      String shadow = matcher.group(1) == null ? "" : matcher.group(1);
      try {
        ShadowMessage message = new ShadowMessage(JsonText.object(payload));
        execute(
            () -> {
              ShadowWorker worker = workers.get(shadow);
              if (worker != null) {
                worker.message(matcher.group(2), message);
              }
            });
      } catch (IOException e) {
        LOG.warn("a message on '{}' is dropped: {}", topic, String.valueOf(e.getMessage()));
      }
    }
  }

  /** The way of one shadow. */
  private final class Wire implements ShadowWorker.Wire {
    private final String shadow;

    Wire(String shadow) {
      this.shadow = shadow;
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public @Nullable String send(String operation, JsonObject document) {
      if (!rate.take()) {
        return null;
      }
      String token = tokenPrefix + "-" + ++tokens;
      JsonObject sent = document.deepCopy();
      sent.addProperty("clientToken", token);
      String topic =
          "$aws/things/"
              + parts.thing()
              + (shadow.isEmpty() ? "/shadow/" : "/shadow/name/" + shadow + "/")
              + operation;
      parts
          .session()
          .publish(topic, JsonText.bytes(sent), 1, false)
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  execute(() -> notSent(token));
                }
              });
      return token;
    }

    private void notSent(String token) {
      ShadowWorker worker = workers.get(shadow);
      if (worker != null) {
        worker.notSent(token);
      }
    }

    @Override
    public void problem(@Nullable String words) {
      parts.problems().accept(shadow, words);
    }
  }

  @Override
  public void close() {
    lane.shutdownNow();
    subscriptions.forEach(MqttSession.Subscription::close);
    try {
      lane.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
