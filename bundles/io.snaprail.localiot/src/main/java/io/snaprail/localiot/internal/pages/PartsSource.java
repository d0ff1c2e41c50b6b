package io.snaprail.localiot.internal.pages;

import io.snaprail.api.console.ConsoleException;
import java.util.Optional;

/** Where the parts of the endpoint are, once it has started. */
@FunctionalInterface
public interface PartsSource {
  /** The parts; empty before. */
  Optional<Parts> get();

  /** The parts, or an answer that they are not there yet. */
  default Parts require() throws ConsoleException {
    return get()
        .orElseThrow(
            () ->
                new ConsoleException(
                    503,
                    "starting",
                    "The local endpoint is starting, or cannot start: the points page shows what is"
                        + " wrong. Try again in a moment."));
  }
}
