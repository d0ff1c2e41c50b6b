package io.snaprail.core.internal.commands;

import io.snaprail.api.command.CommandOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes by command id, so that a command that comes twice is carried out once. Remembers the
 * latest {@value #CAPACITY}.
 */
final class Outcomes {
  static final int CAPACITY = 10_000;

  private final Map<String, CompletableFuture<CommandOutcome>> byId =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, CompletableFuture<CommandOutcome>> eldest) {
          return size() > CAPACITY;
        }
      };

  /** The future of an earlier command of the id; null when this one is the first. */
  synchronized @Nullable CompletableFuture<CommandOutcome> claim(
      String id, CompletableFuture<CommandOutcome> mine) {
    return byId.putIfAbsent(id, mine);
  }

  /** Futures of commands that have no outcome yet, by id. */
  synchronized Map<String, CompletableFuture<CommandOutcome>> open() {
    Map<String, CompletableFuture<CommandOutcome>> open = new LinkedHashMap<>(byId);
    open.values().removeIf(CompletableFuture::isDone);
    return open;
  }
}
