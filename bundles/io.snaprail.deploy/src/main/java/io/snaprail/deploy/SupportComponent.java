package io.snaprail.deploy;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.deploy.SupportBundles;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.deploy.internal.support.SupportCollector;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The {@link SupportBundles} service; it shares the deployment's settings for hosts. */
@Component(service = SupportBundles.class, configurationPid = DeployComponent.PID)
public final class SupportComponent implements SupportBundles {
  private final OsgiServices services;
  private final SupportCollector collector;

  /** Called by the service component runtime. */
  @Activate
  public SupportComponent(BundleContext context, DeployConfig config) {
    services = new OsgiServices(context);
    String folder = context.getProperty(RuntimeProperties.CONFIG_DIR);
    String version = context.getProperty(RuntimeProperties.VERSION);
    collector =
        new SupportCollector(
            context,
            new SupportCollector.Places(
                DeployComponent.data(context),
                Path.of(folder == null ? "config" : folder).toAbsolutePath(),
                version == null ? "unknown" : version),
            services,
            DeployComponent.https(services.one(CertificateStore.class), config),
            Clock.systemUTC());
  }

  @Deactivate
  void deactivate() {
    collector.close();
    services.close();
  }

  @Override
  public CompletionStage<SupportFile> collect(String id, String uploadUrl) {
    return collector.collect(id, uploadUrl);
  }
}
