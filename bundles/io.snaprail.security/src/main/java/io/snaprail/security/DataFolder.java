package io.snaprail.security;

import io.snaprail.api.runtime.RuntimeProperties;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** Where the gateway keeps what it writes. */
final class DataFolder {
  private DataFolder() {}

  static Path of(BundleContext context) {
    String folder = context.getProperty(RuntimeProperties.DATA_DIR);
    if (folder == null || folder.isBlank()) {
      throw new IllegalStateException(
          "Framework property "
              + RuntimeProperties.DATA_DIR
              + " is not set: the launcher must name the data folder");
    }
    return Path.of(folder).toAbsolutePath();
  }
}
