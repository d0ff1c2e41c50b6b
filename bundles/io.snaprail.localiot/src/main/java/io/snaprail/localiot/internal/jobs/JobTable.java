package io.snaprail.localiot.internal.jobs;

import io.snaprail.localiot.internal.jobs.JobAnswers.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All jobs, in memory and on disk. Each change is on disk before anybody sees it, and leaves word
 * for the things whose lists it has changed. Used by the services' thread only.
 */
final class JobTable {
  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry one) -> one.execution().status() != ExecutionStatus.IN_PROGRESS)
          .thenComparing(one -> one.execution().times().queuedAt())
          .thenComparing(one -> one.job().number());

  private final JobFiles files;
  private final Clock clock;
  private final Consumer<String> faults;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final List<Notice> notices = new ArrayList<>();

  JobTable(Path folder, Clock clock, Consumer<String> faults) {
    this.files = new JobFiles(folder);
    this.clock = clock;
    this.faults = faults;
    files.readAll(faults).stream()
        .sorted(Comparator.comparing(Job::number))
        .forEach(job -> jobs.put(job.id(), job));
  }

  /**
   * The list of a thing has changed.
   *
   * @param listChanged whether one came or went
   * @param nextChanged whether another one is the next
   */
  record Notice(String thing, boolean listChanged, boolean nextChanged) {}

  long now() {
    return clock.instant().getEpochSecond();
  }

  Collection<Job> all() {
    return List.copyOf(jobs.values());
  }

  int size() {
    return jobs.size();
  }

  @Nullable Job find(String id) {
    return jobs.get(id);
  }

  Job get(String id) throws JobsException {
    Job job = jobs.get(id);
    if (job == null) {
      throw JobsException.noJob(id);
    }
    return job;
  }

  /** Whether the name is taken, if only by a file that could not be read. */
  boolean taken(String id) {
    return jobs.containsKey(id) || files.exists(id);
  }

  long nextNumber() {
    return jobs.values().stream().mapToLong(Job::number).max().orElse(0) + 1;
  }

  /** What a thing still has to do, the next one first. */
  List<Entry> pending(String thing) {
    return jobs.values().stream()
        .filter(job -> job.executions().containsKey(thing))
        .map(job -> new Entry(job, Objects.requireNonNull(job.executions().get(thing))))
        .filter(one -> !one.execution().status().terminal())
        .sorted(ORDER)
        .toList();
  }

  /** Makes or replaces a job. */
  void put(Job job, Collection<String> things) throws JobsException {
    change(
        things,
        () -> {
          files.write(job);
          jobs.put(job.id(), job);
        });
  }

  /** Deletes a job. */
  void remove(Job job) throws JobsException {
    change(
        job.executions().keySet(),
        () -> {
          files.delete(job.id());
          jobs.remove(job.id());
        });
  }

  /** What there is to tell since the last time. */
  List<Notice> takeNotices() {
    List<Notice> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }

  private interface Change {
    void make() throws IOException;
  }

  private void change(Collection<String> things, Change change) throws JobsException {
    Map<String, List<String>> before = new LinkedHashMap<>();
    things.forEach(thing -> before.put(thing, ids(thing)));
    try {
      change.make();
    } catch (IOException e) {
      faults.accept(String.valueOf(e.getMessage()));
      throw new JobsException(
          JobError.INTERNAL_ERROR, "the change could not be written to the disk", e);
    }
    before.forEach(this::notice);
  }

  private void notice(String thing, List<String> before) {
    List<String> after = ids(thing);
    boolean list = !List.copyOf(sorted(before)).equals(sorted(after));
    boolean next = !first(before).equals(first(after));
    if (list || next) {
      notices.add(new Notice(thing, list, next));
    }
  }

  private List<String> ids(String thing) {
    return pending(thing).stream().map(one -> one.job().id()).toList();
  }

  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted().toList();
  }

  private static String first(List<String> ids) {
    return ids.isEmpty() ? "" : ids.get(0);
  }
}
