package io.snaprail.deploy;

import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.SupportBundles;
import io.snaprail.deploy.internal.pages.BundlePages;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The page in the console. */
@Component(
    service = {},
    configurationPid = DeployComponent.PID)
public final class PagesComponent {
  private final ServiceRegistration<ConsoleExtension> pages;

  /** Called by the service component runtime. */
  @Activate
  public PagesComponent(
      BundleContext context,
      @Reference Deployment deployment,
      @Reference SupportBundles support,
      DeployConfig config) {
    pages =
        context.registerService(
            ConsoleExtension.class,
            new BundlePages(
                deployment,
                support,
                new BundlePages.Rules(
                    config.require_signature(),
                    List.of(config.allow()),
                    DeployComponent.data(context),
                    config.max_bytes())),
            null);
  }

  @Deactivate
  void deactivate() {
    pages.unregister();
  }
}
