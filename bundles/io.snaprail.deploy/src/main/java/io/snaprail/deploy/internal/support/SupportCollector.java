package io.snaprail.deploy.internal.support;

import io.snaprail.api.deploy.SupportBundles;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Services;
import io.snaprail.deploy.internal.fetch.Fetcher;
import io.snaprail.deploy.internal.fetch.HttpsAccess;
import io.snaprail.deploy.internal.fetch.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;

/** Collects support bundles with a thread of its own, and keeps the last few. */
public final class SupportCollector implements SupportBundles, AutoCloseable {
  private static final int KEPT = 3;
  private static final int WAITING = 4;
  private static final String PREFIX = "snaprail-support-";
  private static final String SUFFIX = ".zip";

  private final Path folder;
  private final Path data;
  private final SupportArchive archive;
  private final HttpsAccess https;
  private final ThreadPoolExecutor thread;

  /**
   * Where things are.
   *
   * @param data folder of what the runtime writes
   * @param config folder of the configuration
   * @param version of the distribution
   */
  public record Places(Path data, Path config, String version) {}

  /** Starts its thread when there is something to do. */
  public SupportCollector(
      BundleContext context, Places places, Services services, HttpsAccess https, Clock clock) {
    this.data = places.data();
    this.folder = places.data().resolve("support");
    this.https = https;
    this.archive =
        new SupportArchive(
            places.data(),
            places.config(),
            new Sources(context, places.version(), services, clock));
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            task -> {
              Thread made = new Thread(task, "snaprail-support");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletionStage<SupportFile> collect(String id, String uploadUrl) {
    if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException(
          "id: expected 1..64 letters, digits, '_', '-', found '" + id + "'");
    }
    if (!uploadUrl.isEmpty()) {
      try {
        https.check(uploadUrl);
      } catch (DeployException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    CompletableFuture<SupportFile> done = new CompletableFuture<>();
    try {
      thread.execute(() -> run(id, uploadUrl, done));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException(
          "other support bundles are being collected; try again later", e);
    }
    return done.minimalCompletionStage();
  }

  // Where a task begins: whatever goes wrong is told to whoever asked.
  @SuppressWarnings("CatchingUnchecked")
  private void run(String id, String uploadUrl, CompletableFuture<SupportFile> done) {
    try {
      Path file = folder.resolve(PREFIX + id + SUFFIX);
      if (!Files.exists(file)) {
        make(file);
      }
      if (!uploadUrl.isEmpty()) {
        new Upload(https).put(file, uploadUrl);
      }
      done.complete(
          new SupportFile(
              data.relativize(file).toString(),
              Files.size(file),
              Fetcher.sha256(file),
              !uploadUrl.isEmpty()));
    } catch (Exception e) {
      done.completeExceptionally(e);
    }
  }

  private void make(Path file) throws IOException {
    Files.createDirectories(folder);
    prune(KEPT - 1);
    Path unfinished = Files.createTempFile(folder, ".", ".new");
    try {
      archive.write(unfinished);
      AtomicFile.adopt(unfinished, file, AtomicFile.PRIVATE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Room for another: the oldest go, and what a cut has left. */
  private void prune(int most) throws IOException {
    AtomicFile.removeLeftovers(folder);
    List<Path> all;
    try (Stream<Path> files = Files.list(folder)) {
      all =
          files
              .filter(file -> String.valueOf(file.getFileName()).startsWith(PREFIX))
              .sorted(Comparator.comparing(SupportCollector::time).reversed())
              .toList();
    }
    for (Path old : all.subList(Math.min(most, all.size()), all.size())) {
      AtomicFile.delete(old);
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
