package io.snaprail.deploy.internal.fetch;

import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Wildcards;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/** The gateway's way to HTTPS servers: hosts that are allowed, TLS of the certificate store. */
public final class HttpsAccess {
  private static final int CONNECT_MS = 15_000;
  private static final int READ_MS = 30_000;

  private final Wildcards hosts;
  private final Tls tls;

  /** Where the TLS settings come from. */
  @FunctionalInterface
  public interface Tls {
    /** Sockets for clients; host names are checked by whoever uses them. */
    SSLSocketFactory sockets() throws DeployException;
  }

  /**
   * Allows.
   *
   * @param hosts names that may be called
   */
  public HttpsAccess(Wildcards hosts, Tls tls) {
    this.hosts = hosts;
    this.tls = tls;
  }

  /**
   * Checks an address.
   *
   * @throws DeployException refused: no HTTPS, or a host that is not allowed
   */
  public URL check(String text) throws DeployException {
    try {
      URI uri = new URI(text.strip());
      String host = uri.getHost();
      if (!"https".equalsIgnoreCase(uri.getScheme()) || host == null || uri.getUserInfo() != null) {
        throw DeployException.refused(
            "expected an address such as https://host/path, found '" + shown(text) + "'");
      }
      if (!hosts.matches(host.toLowerCase(Locale.ROOT))) {
        throw DeployException.refused(
            "the host '" + host + "' is not allowed; 'hosts' of io.snaprail.deploy has " + hosts);
      }
      return uri.toURL();
    } catch (URISyntaxException | MalformedURLException | IllegalArgumentException e) {
      throw DeployException.refused("'" + shown(text) + "' is no address");
    }
  }

  /** Opens a connection, without sending anything yet. */
  HttpsURLConnection open(URL url) throws DeployException, IOException {
    HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
    connection.setSSLSocketFactory(tls.sockets());
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(READ_MS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    // Otherwise the JDK keeps it, with a thread of its own.
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  /** An address without what may be a secret: presigned ones carry their right behind the "?". */
  public static String shown(String url) {
    int end = url.indexOf('?');
    String path = end < 0 ? url : url.substring(0, end) + "?…";
    int at = path.indexOf('@');
    int host = path.indexOf("://");
    String clean =
        host > 0 && at > host ? path.substring(0, host + 3) + path.substring(at + 1) : path;
    return clean.length() > 200 ? clean.substring(0, 200) + "…" : clean;
  }

  /** How long something may take, by the monotonic clock. */
  static final class Limit {
    private final Duration longest;
    private final long end;

    Limit(Duration longest) {
      this.longest = longest;
      this.end = System.nanoTime() + longest.toNanos();
    }

    boolean over() {
      return System.nanoTime() - end >= 0;
    }

    void check() throws IOException {
      if (over()) {
        throw new IOException("it takes longer than " + longest.toSeconds() + " s");
      }
    }
  }
}
