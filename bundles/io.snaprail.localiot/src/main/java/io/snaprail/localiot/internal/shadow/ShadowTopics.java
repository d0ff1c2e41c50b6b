package io.snaprail.localiot.internal.shadow;

import io.snaprail.localiot.internal.broker.TopicService;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shadow service on its topics: {@code get}, {@code update} and {@code delete} under {@code
 * $aws/things/T/shadow} and {@code $aws/things/T/shadow/name/S}. Requests wait in a bounded queue
 * for the one thread that writes to the disk.
 */
public final class ShadowTopics implements TopicService {
  private static final Pattern REQUEST =
      Pattern.compile(
          "\\$aws/things/([a-zA-Z0-9:_-]{1,128})/shadow/"
              + "(?:name/([a-zA-Z0-9:_-]{1,64})/)?(get|update|delete)");

  private final Shadows shadows;
  private final Executor worker;
  private final Outbox outbox;
  private final RequestGate gate;

  /**
   * Serves shadows.
   *
   * @param worker runs requests one after the other, off the network threads
   * @param gate by thing
   */
  public ShadowTopics(Shadows shadows, Executor worker, Outbox outbox, RequestGate gate) {
    this.shadows = shadows;
    this.worker = worker;
    this.outbox = outbox;
    this.gate = gate;
  }

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
    String shadow = matcher.group(2);
    ShadowName name = new ShadowName(matcher.group(1), shadow == null ? "" : shadow);
    Shadows.Operation operation =
        Shadows.Operation.valueOf(matcher.group(3).toUpperCase(Locale.ROOT));
    if (gate.enter(name.thing())) {
      worker.execute(() -> handle(operation, name, payload));
    } else {
      publish(name, shadows.reject(operation, payload, ShadowException.tooManyRequests()));
    }
  }

  private void handle(Shadows.Operation operation, ShadowName name, byte[] payload) {
    try {
      shadows.handle(operation, name, payload).forEach(answer -> publish(name, answer));
    } finally {
      gate.leave(name.thing());
    }
  }

  private void publish(ShadowName name, Shadows.Answer answer) {
    outbox.publish(name.topicPrefix() + "/" + answer.path(), answer.document());
  }
}
