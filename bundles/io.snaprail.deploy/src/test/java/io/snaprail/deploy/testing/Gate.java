package io.snaprail.deploy.testing;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
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
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;

/** A gateway of a test: a real Felix with the deployment in it, that can be started again. */
public final class Gate implements AutoCloseable {
  public final Path folder;
  public final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  public final List<Problem> problems = new CopyOnWriteArrayList<>();
  public final TestServices services = new TestServices();
  public boolean require = true;
  public Duration trial = Duration.ofMillis(50);
  public Framework framework;
  public Deployer deployer;
  private final TestSigner signer;
  private final Path platform;
  private int orders;

  public Gate(Path folder, TestSigner signer) throws Exception {
    this.folder = folder;
    this.signer = signer;
    this.platform = Files.createDirectories(folder.resolve("platform"));
    Files.createDirectories(inbox());
    services.with(AuditLog.class, audited::add);
    services.with(CertificateStore.class, store());
    services.with(ProblemBoard.class, board());
  }

  private ProblemBoard board() {
    return new ProblemBoard() {
      @Override
      public void report(String source, List<Problem> reported) {
        problems.clear();
        problems.addAll(reported);
      }

      @Override
      public List<Entry> problems() {
        return problems.stream().map(one -> new Entry("test", one, Instant.EPOCH)).toList();
      }
    };
  }

  private CertificateStore store() {
    return (CertificateStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {CertificateStore.class},
            (proxy, method, arguments) ->
                method.getName().equals("rootSets")
                    ? Set.of("deploy")
                    : "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                            .encodeToString(signer.certificate("root").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
  }

  public Path inbox() {
    return folder.resolve("deploy/inbox");
  }

  public Path deploy() {
    return folder.resolve("deploy");
  }

  /** Starts it as the launcher does: of what a cache holds, only hand-installed bundles stay. */
  public Gate start() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    folder.resolve("felix").toString(),
                    "felix.log.level",
                    "0"));
    framework.init();
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      if (bundle.getLocation().startsWith("reference:")) {
        bundle.uninstall();
      }
    }
    framework.start();
    List<Path> jars = new ArrayList<>();
    try (java.util.stream.Stream<Path> files = Files.list(platform)) {
      files.sorted().forEach(jars::add);
    }
    for (Path jar : jars) {
      framework.getBundleContext().installBundle("reference:" + jar.toUri()).start();
    }
    Guard guard = new Guard("reference:" + platform.toUri(), require);
    framework.getBundleContext().registerService(ResolverHookFactory.class, guard, null);
    FrameworkBundles bundles = new FrameworkBundles(framework.getBundleContext(), guard);
    deployer =
        new Deployer(
            new Parts(
                new StateFile(deploy()),
                new Fetcher(
                    inbox(),
                    deploy().resolve("staging"),
                    new HttpsAccess(new Wildcards(List.of()), () -> null),
                    new Fetcher.Limits(1 << 20, Duration.ofSeconds(10))),
                new Admission(
                    new Wildcards(List.of("com.example.*")),
                    require,
                    new Signers(services.one(CertificateStore.class), "deploy")),
                bundles,
                new Swap(bundles, new Trial(services, trial)),
                guard,
                services,
                Clock.systemUTC(),
                List.of("trial.s: expected 1..300, found 0")));
    return this;
  }

  /** Brings a bundle of the distribution. */
  public Gate platform(TestBundle bundle, String file) throws Exception {
    bundle.write(platform.resolve(file));
    return this;
  }

  /** A signed bundle in the inbox; its URL. */
  public String signed(TestBundle bundle) throws Exception {
    Path jar = signer.sign(bundle.write(inbox().resolve("b" + ++orders + ".jar")), "maker");
    return "file:" + jar.getFileName();
  }

  public DeploymentState order(Action action, String name, String url) throws Exception {
    return order("order-" + ++orders, action, name, "", url);
  }

  public DeploymentState order(String id, Action action, String name, String version, String url)
      throws Exception {
    return deployer
        .submit(new DeploymentOrder(id, action, name, version, url, "", "test", "test"))
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  public Optional<Bundle> bundle(String name) {
    return java.util.Arrays.stream(framework.getBundleContext().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .findFirst();
  }

  /** Version of the bundle that runs; empty when none does. */
  public String running(String name) {
    List<String> active =
        java.util.Arrays.stream(framework.getBundleContext().getBundles())
            .filter(bundle -> name.equals(bundle.getSymbolicName()))
            .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
            .map(bundle -> bundle.getVersion().toString())
            .toList();
    return String.join(" and ", active);
  }

  /** Ends it; what is on disk stays. */
  public void stop() throws Exception {
    deployer.close();
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Override
  public void close() throws Exception {
    if (framework != null) {
      stop();
    }
  }
}
