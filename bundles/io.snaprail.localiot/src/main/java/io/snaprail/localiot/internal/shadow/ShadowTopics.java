package io.snaprail.localiot.internal.shadow;

import io.snaprail.localiot.internal.broker.TopicService;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shadow service on its topics: {@code $aws/things/T/shadow/get}, {@code update}, {@code
 * delete}. Requests wait in a bounded queue for the one thread that writes to the disk.
 */
public final class ShadowTopics implements TopicService {
  private static final Pattern REQUEST =
      Pattern.compile("\\$aws/things/([a-zA-Z0-9:_-]{1,128})/shadow/(get|update|delete)");

  private final Shadows shadows;
  private final Executor worker;
  private final BiConsumer<String, byte[]> publisher;
  private final Semaphore total = new Semaphore(Quotas.SHADOW_REQUESTS_TOTAL);
  private final ConcurrentMap<String, Integer> inFlight = new ConcurrentHashMap<>();

  /**
   * Keeps the shadows.
   *
   * @param store where they are kept, and whose
   * @param worker runs requests one after the other, off the network threads
   * @param publisher sends topic and payload to subscribers
   */
  public ShadowTopics(Store store, Executor worker, BiConsumer<String, byte[]> publisher) {
    this.shadows = new Shadows(store.folder(), store.thingExists(), store.clock(), store.faults());
    this.worker = worker;
    this.publisher = publisher;
  }

  /**
   * Where shadows are kept.
   *
   * @param folder made when needed
   * @param thingExists whether the registry knows a thing
   * @param clock for timestamps
   * @param faults told when a file cannot be read or written; the message names it
   */
  public record Store(
      Path folder, Predicate<String> thingExists, Clock clock, Consumer<String> faults) {}

  @Override
  public boolean serves(String topic) {
    return REQUEST.matcher(topic).matches();
  }

  @Override
  public void request(String clientId, String topic, byte[] payload) {
    Matcher matcher = REQUEST.matcher(topic);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a shadow topic, found '" + topic + "'");
    }
    ShadowName name = ShadowName.classic(matcher.group(1));
    Shadows.Operation operation =
        Shadows.Operation.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
    if (!admit(name.thing())) {
      publish(name, shadows.reject(operation, payload, ShadowException.tooManyRequests()));
      return;
    }
    worker.execute(() -> handle(operation, name, payload));
  }

  private void handle(Shadows.Operation operation, ShadowName name, byte[] payload) {
    try {
      shadows.handle(operation, name, payload).forEach(answer -> publish(name, answer));
    } finally {
      release(name.thing());
    }
  }

  private boolean admit(String thing) {
    if (!total.tryAcquire()) {
      return false;
    }
    if (inFlight.merge(thing, 1, Integer::sum) <= Quotas.SHADOW_REQUESTS_IN_FLIGHT) {
      return true;
    }
    release(thing);
    return false;
  }

  private void release(String thing) {
    inFlight.computeIfPresent(thing, (unused, count) -> count == 1 ? null : count - 1);
    total.release();
  }

  private void publish(ShadowName name, Shadows.Answer answer) {
    byte[] payload = StrictJson.write(answer.document()).getBytes(StandardCharsets.UTF_8);
    publisher.accept(name.topicPrefix() + "/" + answer.path(), payload);
  }
}
