package io.snaprail.deploy;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.deploy.DeployedBundle;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Services;
import io.snaprail.deploy.internal.Wildcards;
import io.snaprail.deploy.internal.archive.Admission;
import io.snaprail.deploy.internal.archive.Signers;
import io.snaprail.deploy.internal.engine.Deployer;
import io.snaprail.deploy.internal.engine.Parts;
import io.snaprail.deploy.internal.fetch.Fetcher;
import io.snaprail.deploy.internal.fetch.HttpsAccess;
import io.snaprail.deploy.internal.framework.FrameworkBundles;
import io.snaprail.deploy.internal.framework.Guard;
import io.snaprail.deploy.internal.framework.Swap;
import io.snaprail.deploy.internal.framework.Trial;
import io.snaprail.deploy.internal.store.StateFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The {@link Deployment} service. It refers to nobody: what it works with may be replaced by
 * itself, and must not take it along.
 */
@Component(name = DeployComponent.PID, service = Deployment.class, immediate = true)
@Designate(ocd = DeployConfig.class)
public final class DeployComponent implements Deployment {
  /** PID of its configuration. */
  public static final String PID = "io.snaprail.deploy";

  private static final long LEAST_BYTES = 65_536;
  private static final long MOST_BYTES = 67_108_864;
  private static final long MAX_BYTES = 33_554_432;

  private final OsgiServices services;
  private final ServiceRegistration<ResolverHookFactory> hook;
  private final Deployer deployer;

  private final List<String> notes = new ArrayList<>();

  /**
   * Called by the service component runtime. A number that is out of its range is told on the
   * problem board, and its default is in force: what is deployed runs, and the guard stands.
   */
  @Activate
  public DeployComponent(BundleContext context, DeployConfig config) {
    services = new OsgiServices(context);
    Guard guard = new Guard(platform(context), config.require_signature() && launched(context));
    hook = context.registerService(ResolverHookFactory.class, guard, null);
    deployer = new Deployer(parts(context, config, guard));
  }

  private Parts parts(BundleContext context, DeployConfig config, Guard guard) {
    Path folder = data(context).resolve("deploy");
    FrameworkBundles framework = new FrameworkBundles(context, guard);
    Supplier<@Nullable CertificateStore> store = services.one(CertificateStore.class);
    return new Parts(
        new StateFile(folder),
        new Fetcher(
            folder.resolve("inbox"),
            folder.resolve("staging"),
            https(store, config),
            new Fetcher.Limits(
                limit("max.bytes", config.max_bytes(), LEAST_BYTES, MOST_BYTES, MAX_BYTES),
                Duration.ofSeconds(
                    limit("download.timeout.s", config.download_timeout_s(), 10, 86_400, 1_800)))),
        new Admission(
            new Wildcards(List.of(config.allow())),
            config.require_signature(),
            new Signers(store, config.roots().strip())),
        framework,
        new Swap(
            framework,
            new Trial(
                services, Duration.ofSeconds(limit("trial.s", config.trial_s(), 1, 300, 10)))),
        guard,
        services,
        Clock.systemUTC(),
        notes);
  }

  static HttpsAccess https(Supplier<@Nullable CertificateStore> store, DeployConfig config) {
    return new HttpsAccess(
        new Wildcards(List.of(config.hosts())), () -> sockets(store, config.hosts_roots().strip()));
  }

  private static SSLSocketFactory sockets(Supplier<@Nullable CertificateStore> store, String roots)
      throws DeployException {
    try {
      return Services.require(store.get(), "the certificate store")
          .clientContext("", roots)
          .getSocketFactory();
    } catch (CertificateStoreException e) {
      throw DeployException.failed("'hosts.roots' cannot be used: " + e.getMessage());
    }
  }

  static Path data(BundleContext context) {
    String data = context.getProperty(RuntimeProperties.DATA_DIR);
    return Path.of(data == null ? "data" : data).toAbsolutePath();
  }

  private static boolean launched(BundleContext context) {
    return context.getProperty(RuntimeProperties.HOME_DIR) != null;
  }

  /** How the launcher's locations begin. */
  private static String platform(BundleContext context) {
    String home = context.getProperty(RuntimeProperties.HOME_DIR);
    return home == null ? "file:" : "reference:" + Path.of(home).resolve("bundles").toUri();
  }

  private long limit(String key, long value, long least, long most, long standard) {
    if (value >= least && value <= most) {
      return value;
    }
    notes.add(
        "%s: expected %d..%d, found %d; until it is mended, %d is in force"
            .formatted(key, least, most, value, standard));
    return standard;
  }

  @Deactivate
  void deactivate() {
    deployer.close();
    hook.unregister();
    services.close();
  }

  @Override
  public CompletionStage<DeploymentState> submit(DeploymentOrder order) {
    return deployer.submit(order);
  }

  @Override
  public Optional<DeploymentState> find(String id) {
    return deployer.find(id);
  }

  @Override
  public List<DeploymentState> orders() {
    return deployer.orders();
  }

  @Override
  public List<DeployedBundle> bundles() {
    return deployer.bundles();
  }
}
