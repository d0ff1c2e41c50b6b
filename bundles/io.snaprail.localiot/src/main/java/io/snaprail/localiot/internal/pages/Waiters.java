package io.snaprail.localiot.internal.pages;

import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Pages that wait for news. Whoever waits is answered as soon as there is some, or after 20 s with
 * what there is. How many may wait at the same time, the console limits.
 */
final class Waiters {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScheduledExecutorService thread;
  private final ConcurrentMap<String, Set<Waiter>> waiting = new ConcurrentHashMap<>();

  /** Answers on one thread. */
  Waiters(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** What there is now. */
  @FunctionalInterface
  interface Answer {
    ConsoleAnswer now() throws ConsoleException;
  }

  /** Whether there is news. */
  @FunctionalInterface
  interface Look {
    boolean news() throws ConsoleException;
  }

  /** Waits for news of a key. Look whether there is some already behind this call, not before. */
  Waiter await(String key, Answer answer) {
    Waiter waiter = new Waiter(answer);
    waiting.computeIfAbsent(key, unused -> ConcurrentHashMap.newKeySet()).add(waiter);
    Future<?> end = thread.schedule(waiter::settle, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    waiter.future.whenComplete(
        (unused, failure) -> {
          end.cancel(false);
          waiting.computeIfPresent(
              key,
              (same, all) -> {
                all.remove(waiter);
                return all.isEmpty() ? null : all;
              });
        });
    return waiter;
  }

  /** There is news of a key. Returns at once. */
  void news(String key) {
    Set<Waiter> told = waiting.get(key);
    if (told != null) {
      told.forEach(waiter -> execute(waiter::settle));
    }
  }

  private void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException stopped) {
      // The endpoint is stopping: the console tells whoever waits.
      waiting.clear();
    }
  }

  /** Somebody who waits. */
  static final class Waiter {
    private final CompletableFuture<ConsoleAnswer> future = new CompletableFuture<>();
    private final Answer answer;

    private Waiter(Answer answer) {
      this.answer = answer;
    }

    /** Answers with what there is now. */
    void settle() {
      if (future.isDone()) {
        return;
      }
      try {
        future.complete(answer.now());
      } catch (ConsoleException | RuntimeException e) { // a task begins here
        future.completeExceptionally(e);
      }
    }

    /** Answers when there is news already; a look that is refused is an answer, too. */
    void settleIf(Look look) {
      try {
        if (look.news()) {
          settle();
        }
      } catch (ConsoleException | RuntimeException e) { // a task begins here
        future.completeExceptionally(e);
      }
    }

    /** For the console. */
    ConsoleAnswer later() {
      return ConsoleAnswer.later(future, PATIENCE);
    }
  }
}
