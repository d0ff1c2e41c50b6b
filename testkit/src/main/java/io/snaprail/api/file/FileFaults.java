package io.snaprail.api.file;

import io.snaprail.api.file.AtomicFile.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes {@link AtomicFile} fail at one of its steps, or cuts the power there: from then on nothing
 * reaches the disk any more, not even what would clean up. For tests of whatever keeps files: count
 * the steps of an operation, then do it again once for each of them, and look at what a new start
 * finds. It has AtomicFile's package to reach what no product code shall reach.
 *
 * <p>Only files in the given folder count, and only one may be open at a time in a process.
 */
public final class FileFaults implements AutoCloseable {
  private final Path folder;
  private final int at;
  private final boolean cut;
  private final Consumer<String> watcher;
  private final List<String> seen = new ArrayList<>();

  private FileFaults(Path folder, int at, boolean cut) {
    this(folder, at, cut, step -> {});
  }

  private FileFaults(Path folder, int at, boolean cut, Consumer<String> watcher) {
    this.folder = folder.toAbsolutePath();
    this.at = at;
    this.cut = cut;
    this.watcher = watcher;
  }

  private FileFaults open() {
    AtomicFile.steps = this::before;
    return this;
  }

  /** Only counts. */
  public static FileFaults none(Path folder) {
    return new FileFaults(folder, Integer.MAX_VALUE, false).open();
  }

  /** Tells each step before it is done; a process may let itself be killed there. */
  public static FileFaults watching(Path folder, Consumer<String> watcher) {
    return new FileFaults(folder, Integer.MAX_VALUE, false, watcher).open();
  }

  /**
   * One step fails, as of a full disk; those after it do not.
   *
   * @param step number of it, from 0
   */
  public static FileFaults failing(Path folder, int step) {
    return new FileFaults(folder, step, false).open();
  }

  /**
   * The power is cut before a step: it and all after it throw {@link PowerCut}.
   *
   * @param step number of it, from 0
   */
  public static FileFaults cut(Path folder, int step) {
    return new FileFaults(folder, step, true).open();
  }

  private synchronized void before(Step step, Path file) throws IOException {
    if (!file.startsWith(folder)) {
      return;
    }
    int number = seen.size();
    String told = step + " " + folder.relativize(file);
    seen.add(told);
    watcher.accept(told);
    if (cut && number >= at) {
      throw new PowerCut();
    }
    if (number == at) {
      throw new IOException("No space left on device (a test says so at " + step + ")");
    }
  }

  /** The steps so far, such as {@code MOVE a/b.json}; the last one may have failed. */
  public synchronized List<String> steps() {
    return List.copyOf(seen);
  }

  /** From now on nothing fails any more. */
  @Override
  public void close() {
    AtomicFile.steps = (step, file) -> {};
  }

  /** The power has gone; what catches this and goes on is in a process that is no more. */
  public static final class PowerCut extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    private PowerCut() {
      super(new IOException("the power was cut"));
    }
  }
}
