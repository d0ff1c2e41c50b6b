package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The parameters that a tool was given.
 *
 * @param texts every parameter of the tool by its id, checked against its kind
 */
public record Given(Map<String, String> texts) {
  static final String TIMEOUT = "timeout";

  String text(String id) {
    String text = texts.get(id);
    return Objects.requireNonNull(text, id);
  }

  int whole(String id) {
    return Integer.parseInt(text(id));
  }

  boolean flag(String id) {
    return Boolean.parseBoolean(text(id));
  }

  /** By when a request that is sent now is answered. */
  Deadline deadline() {
    return deadline(1);
  }

  /** The same with so many times as long. */
  Deadline deadline(int times) {
    return Deadline.in(Duration.ofMillis(whole(TIMEOUT)).multipliedBy(times));
  }
}
