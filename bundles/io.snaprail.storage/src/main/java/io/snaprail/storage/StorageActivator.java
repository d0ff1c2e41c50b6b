package io.snaprail.storage;

import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.storage.internal.config.ConfigService;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * Starts the configuration folder. An activator and no component, because Configuration Admin waits
 * for the persistence manager ({@code felix.cm.pm=snaprail}) and components are configured by
 * Configuration Admin: this way the order in which the bundles start does not matter.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class StorageActivator implements BundleActivator {
  private @Nullable ConfigService service;

  @Override
  public void start(BundleContext context) throws IOException {
    ConfigService starting =
        new ConfigService(
            context,
            folder(context, RuntimeProperties.CONFIG_DIR),
            folder(context, RuntimeProperties.DATA_DIR));
    starting.start();
    service = starting;
  }

  @Override
  public void stop(BundleContext context) {
    if (service != null) {
      service.close();
      service = null;
    }
  }

  private static Path folder(BundleContext context, String property) {
    String value = context.getProperty(property);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          "the framework property " + property + " is not set; the launcher sets it to a folder");
    }
    return Path.of(value).toAbsolutePath();
  }
}
