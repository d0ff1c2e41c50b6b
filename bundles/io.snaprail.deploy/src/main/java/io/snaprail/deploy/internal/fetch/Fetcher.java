package io.snaprail.deploy.internal.fetch;

import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.deploy.internal.DeployException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;

/**
 * Fetches bundles into a folder: from HTTPS servers, going on where an earlier try was cut, or from
 * the inbox on this machine. Of the worker's thread.
 */
public final class Fetcher {
  private static final int REDIRECTS = 3;
  private static final int TRIES = 4;
  private static final long PAUSE_MS = 2_000;

  private final Path inbox;
  private final Path staging;
  private final HttpsAccess https;
  private final Limits limits;
  private final CountDownLatch never = new CountDownLatch(1);

  /**
   * What a bundle may cost.
   *
   * @param bytes most
   * @param time longest, for all tries together
   * @param pause before the second try; doubled for each further one
   */
  public record Limits(long bytes, Duration time, Duration pause) {
    /** With the usual pause. */
    public Limits(long bytes, Duration time) {
      this(bytes, time, Duration.ofMillis(PAUSE_MS));
    }
  }

  /**
   * A file that was fetched.
   *
   * @param file where it is
   * @param sha256 of it, in hex
   */
  public record Fetched(Path file, String sha256) {}

  /** Fetches into a folder, which is made when needed. */
  public Fetcher(Path inbox, Path staging, HttpsAccess https, Limits limits) {
    this.inbox = inbox;
    this.staging = staging;
    this.https = https;
    this.limits = limits;
  }

  /**
   * Fetches.
   *
   * @param progress told in words how far it is
   * @throws DeployException refused for a wrong place or size; failed when it cannot be had
   */
  public Fetched fetch(DeploymentOrder order, Consumer<String> progress)
      throws DeployException, InterruptedException {
    try {
      Files.createDirectories(staging);
      return order.url().startsWith("file:")
          ? copy(order.url().substring("file:".length()), order.sha256())
          : download(order, progress);
    } catch (IOException e) {
      throw DeployException.failed(
          "cannot fetch " + HttpsAccess.shown(order.url()) + ": " + words(e));
    }
  }

  private Fetched copy(String name, String expected) throws DeployException, IOException {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")) {
      throw DeployException.refused(
          "expected file:NAME, the name of a file in deploy/inbox, found '" + name + "'");
    }
    Path source = inbox.resolve(name);
    if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      throw DeployException.failed("there is no file '" + name + "' in deploy/inbox");
    }
    Path target = staging.resolve("inbox.part");
    Files.deleteIfExists(target);
    try (InputStream in = Files.newInputStream(source)) {
      append(in, target, 0, new HttpsAccess.Limit(limits.time()), bytes -> {});
    }
    return digested(target, expected);
  }

  private Fetched download(DeploymentOrder order, Consumer<String> progress)
      throws DeployException, IOException, InterruptedException {
    Path target = staging.resolve(order.sha256() + ".part");
    HttpsAccess.Limit limit = new HttpsAccess.Limit(limits.time());
    long pause = limits.pause().toMillis();
    for (int attempt = 1; ; attempt++) {
      boolean resumed = Files.exists(target);
      try {
        get(https.check(order.url()), target, limit, progress);
        if (resumed && !sha256(target).equals(order.sha256())) {
          Files.delete(target);
          throw new IOException("what was there of it does not fit; it is fetched anew");
        }
        return digested(target, order.sha256());
      } catch (IOException e) {
        if (attempt == TRIES || limit.over()) {
          throw e;
        }
        progress.accept("tried " + attempt + " times: " + words(e));
        never.await(pause, TimeUnit.MILLISECONDS);
        pause *= 2;
      }
    }
  }

  private void get(URL from, Path target, HttpsAccess.Limit limit, Consumer<String> progress)
      throws DeployException, IOException {
    URL url = from;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      long have = Files.exists(target) ? Files.size(target) : 0;
      HttpsURLConnection connection = https.open(url);
      try {
        if (have > 0) {
          connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        int status = connection.getResponseCode();
        if (status >= 301 && status <= 308 && status != 304) {
          url = redirected(url, connection.getHeaderField("Location"));
          continue;
        }
        if (status == 416) {
          // It has nothing behind what is there, which is complete then, or of something else.
          return;
        }
        if (status != 200 && status != 206) {
          throw answer(status);
        }
        body(connection, target, status == 206 ? have : 0, limit, progress);
        return;
      } finally {
        connection.disconnect();
      }
    }
    throw new IOException("more than " + REDIRECTS + " redirections");
  }

  private void body(
      HttpsURLConnection connection,
      Path target,
      long have,
      HttpsAccess.Limit limit,
      Consumer<String> progress)
      throws DeployException, IOException {
    if (have == 0) {
      Files.deleteIfExists(target);
    } else if (!String.valueOf(connection.getHeaderField("Content-Range"))
        .startsWith("bytes " + have + "-")) {
      throw new IOException("the server goes on elsewhere than asked for");
    }
    long length = connection.getContentLengthLong();
    long all = length < 0 ? -1 : have + length;
    tooLarge(all);
    try (InputStream in = connection.getInputStream()) {
      long end =
          append(
              in,
              target,
              have,
              limit,
              bytes ->
                  progress.accept(
                      all > 0 ? bytes * 100 / all + " % of " + all + " bytes" : bytes + " bytes"));
      if (all >= 0 && end != all) {
        throw new IOException("the connection ended after " + end + " of " + all + " bytes");
      }
    }
  }

  private URL redirected(URL from, String location) throws DeployException, IOException {
    try {
      return https.check(from.toURI().resolve(new URI(location)).toString());
    } catch (URISyntaxException | IllegalArgumentException | NullPointerException e) {
      throw new IOException("the server redirects to no address", e);
    }
  }

  /** What is wrong for good; what may be otherwise the next time is thrown at once. */
  private static DeployException answer(int status) throws IOException {
    if (status >= 400 && status < 500 && status != 408 && status != 429) {
      return DeployException.failed(
          "the server answers "
              + status
              + (status == 403 ? "; a presigned address may be too old" : ""));
    }
    throw new IOException("the server answers " + status);
  }

  private long append(
      InputStream in, Path target, long have, HttpsAccess.Limit limit, BytesSeen seen)
      throws DeployException, IOException {
    byte[] buffer = new byte[1 << 15];
    long total = have;
    long told = have;
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        limit.check();
        total += read;
        tooLarge(total);
        out.write(buffer, 0, read);
        if (total - told >= 1 << 18) {
          told = total;
          seen.bytes(total);
        }
      }
    }
    return total;
  }

  /** How many bytes are there. */
  @FunctionalInterface
  private interface BytesSeen {
    void bytes(long bytes);
  }

  private void tooLarge(long bytes) throws DeployException {
    if (bytes > limits.bytes()) {
      throw DeployException.refused(
          "the bundle is larger than 'max.bytes', which is " + limits.bytes());
    }
  }

  private static Fetched digested(Path file, String expected) throws DeployException, IOException {
    String found = sha256(file);
    if (!expected.isEmpty() && !expected.equals(found)) {
      Files.delete(file);
      throw DeployException.refused(
          "SHA-256 of the bundle: expected " + expected + ", found " + found);
    }
    return new Fetched(file, found);
  }

  /** SHA-256 of a file in hex. */
  public static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What went wrong, for people. */
  static String words(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
