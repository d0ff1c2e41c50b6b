package io.snaprail.core.internal.poller;

import io.snaprail.api.model.Value;

/** What became of a write that the device confirmed. */
public sealed interface Written {

  /** It was not read back: nobody wanted it, or the point cannot be read. */
  record Confirmed() implements Written {}

  /**
   * The point holds what was written.
   *
   * @param value in engineering units
   */
  record Same(Value value) implements Written {}

  /**
   * The point holds something else.
   *
   * @param raw as the driver sees it
   * @param value in engineering units
   */
  record Different(Value raw, Value value) implements Written {}

  /**
   * The point could not be read.
   *
   * @param reason for people
   */
  record NotRead(String reason) implements Written {}
}
