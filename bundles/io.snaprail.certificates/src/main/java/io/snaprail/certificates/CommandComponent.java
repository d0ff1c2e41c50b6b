package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStore;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Obeys {@code snaprail certificates}, in a thread of its own: making a key may take seconds. */
@Component(
    service = {},
    immediate = true)
public final class CommandComponent {
  private static final Logger LOG = LoggerFactory.getLogger(CommandComponent.class);
  private static final int LOOK_MS = 500;

  private final ScheduledExecutorService executor;

  /** Begins to look for commands. */
  @Activate
  public CommandComponent(
      BundleContext context,
      @Reference CertificateStore store,
      @Reference CertificateRotations rotations) {
    CommandFolder folder =
        new CommandFolder(
            CertificateStoreComponent.folder(context).resolve("commands"),
            new Commands(store, rotations),
            Clock.systemUTC());
    executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-certificates-commands");
              thread.setDaemon(true);
              return thread;
            });
    executor.execute(() -> begin(folder));
  }

  private void begin(CommandFolder folder) {
    try {
      folder.open();
    } catch (IOException failure) {
      LOG.warn(
          "'snaprail certificates' does not work: no folder for commands: {}", failure.toString());
      return;
    }
    executor.scheduleWithFixedDelay(() -> look(folder), 0, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  // One command must not end the obedience to the next.
  private static void look(CommandFolder folder) {
    try {
      folder.look();
    } catch (RuntimeException failure) {
      LOG.warn("A command failed", failure);
    }
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("A command did not end within 2 s");
    }
  }
}
