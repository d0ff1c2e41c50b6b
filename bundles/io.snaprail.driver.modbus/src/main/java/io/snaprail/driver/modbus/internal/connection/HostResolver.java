package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks host names up without outliving a deadline: the platform's look-up cannot be bounded, so it
 * is done by threads of its own, which end when there is nothing to look up. Safe for any thread.
 */
final class HostResolver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostResolver.class);
  private static final int THREADS = 2;
  private static final int WAITING = 256;
  private static final int KEEP_SECONDS = 10;
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");

  private final ConcurrentMap<String, CompletableFuture<InetAddress[]>> underWay =
      new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads;

  HostResolver() {
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            KEEP_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            HostResolver::thread);
    threads.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "snaprail-modbus-resolver");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The addresses of a host, in the order in which to try them.
   *
   * @param host name or numeric address
   * @throws UnknownHostException when there is no such host
   * @throws SocketTimeoutException when the look-up takes longer than the deadline allows; it goes
   *     on, and the next call may find its result
   */
  InetAddress[] resolve(String host, Deadline deadline) throws IOException {
    try {
      return find(host).get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw (IOException) new SocketTimeoutException("name look-up").initCause(e);
    } catch (ExecutionException e) {
      throw (IOException) new UnknownHostException(host).initCause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  /** The same without waiting; fails when there is no such host. */
  CompletableFuture<InetAddress[]> find(String host) {
    if (host.indexOf(':') < 0 && !IPV4.matcher(host).matches()) {
      CompletableFuture<InetAddress[]> result = underWay.computeIfAbsent(host, this::lookUp);
      if (result.isDone()) {
        // It was not even begun, as there were too many.
        underWay.remove(host, result);
      }
      return result;
    }
    try {
      return CompletableFuture.completedFuture(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Does something else that may block for a while; not when there is too much to do. */
  void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("Not done, as there is too much to do or this has ended", e);
    }
  }

  private CompletableFuture<InetAddress[]> lookUp(String host) {
    CompletableFuture<InetAddress[]> result = new CompletableFuture<>();
    try {
      threads.execute(() -> lookUp(host, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private void lookUp(String host, CompletableFuture<InetAddress[]> result) {
    try {
      result.complete(InetAddress.getAllByName(host));
    } catch (UnknownHostException | SecurityException e) {
      result.completeExceptionally(e);
    } finally {
      // The platform remembers answers for a while; here only look-ups under way are shared.
      underWay.remove(host, result);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
