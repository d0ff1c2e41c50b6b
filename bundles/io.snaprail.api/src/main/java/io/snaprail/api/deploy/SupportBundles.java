package io.snaprail.api.deploy;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Collects what people need who help from afar, into one archive in {@code support/} of the data
 * folder: logs, configuration, register maps, problems, metrics, bundles, versions and threads. No
 * secret is in it. Safe for any thread.
 */
@ProviderType
public interface SupportBundles {
  /**
   * Collects; does not wait. The same id again gives the same archive while it is kept.
   *
   * @param id 1..64 letters, digits, {@code _ -}; becomes part of the file's name
   * @param uploadUrl where to put the archive with an HTTPS PUT, such as a presigned address of S3;
   *     empty to keep it on the gateway only
   * @return the archive; fails with an exception whose message is for people
   * @throws IllegalArgumentException when id or address cannot be used
   * @throws IllegalStateException when others are being collected
   */
  CompletionStage<SupportFile> collect(String id, String uploadUrl);

  /**
   * An archive.
   *
   * @param file its path from the data folder on
   * @param bytes its size
   * @param sha256 in hex
   * @param uploaded whether it was taken at the address
   */
  record SupportFile(String file, long bytes, String sha256, boolean uploaded) {}
}
