package io.snaprail.deploy.internal.fetch;

import io.snaprail.deploy.internal.DeployException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.HttpsURLConnection;

/** Brings a file to an address, such as a presigned one of S3. */
public final class Upload {
  private static final int TRIES = 3;

  private final HttpsAccess https;

  /** Uploads by this way. */
  public Upload(HttpsAccess https) {
    this.https = https;
  }

  /**
   * Puts a file; blocks.
   *
   * @throws DeployException when the address is not allowed, or the server does not take it
   */
  public void put(Path file, String address) throws DeployException {
    URL url = https.check(address);
    for (int attempt = 1; ; attempt++) {
      try {
        int status = once(file, url);
        if (status >= 200 && status < 300) {
          return;
        }
        if (attempt == TRIES || status < 500) {
          throw DeployException.failed(
              "the server answers "
                  + status
                  + " to the upload"
                  + (status == 403 ? "; a presigned address may be too old" : ""));
        }
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw DeployException.failed(
              "cannot upload to " + HttpsAccess.shown(address) + ": " + Fetcher.words(e));
        }
      }
    }
  }

  private int once(Path file, URL url) throws DeployException, IOException {
    HttpsURLConnection connection = https.open(url);
    try {
      connection.setRequestMethod("PUT");
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(Files.size(file));
      try (OutputStream out = connection.getOutputStream()) {
        Files.copy(file, out);
      }
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }
}
