package io.snaprail.storage.internal.config;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.storage.internal.config.ConfigService.Pace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.util.tracker.ServiceTracker;

/** A real Felix framework with the real Configuration Admin and Meta Type Service. */
final class FrameworkFixture implements AutoCloseable {
  private static final String SHARED =
      "org.apache.felix.cm;version=1.2.0,org.apache.felix.cm.file;version=1.1.0,"
          + "org.osgi.service.cm;version=1.6.1,org.osgi.service.metatype;version=1.4.1,"
          + "org.osgi.service.log;version=1.5.0";

  final Framework framework;
  final BundleContext context;
  final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  volatile List<Problem> problems = List.of();
  private final Path base;
  private final Pace pace =
      new Pace(Duration.ofMillis(50), Duration.ofMillis(300), Duration.ofMillis(200));
  private ConfigService service;

  FrameworkFixture(Path base) throws Exception {
    this.base = base;
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    base.resolve("felix").toString(),
                    "org.osgi.framework.storage.clean",
                    "onFirstInit",
                    "org.osgi.framework.system.packages.extra",
                    SHARED,
                    "felix.cm.pm",
                    FolderPersistenceManager.NAME,
                    "felix.log.level",
                    "1"));
    framework.start();
    context = framework.getBundleContext();
    context.registerService(AuditLog.class, audited::add, null);
    context.registerService(ProblemBoard.class, new Board(), null);
  }

  private final class Board implements ProblemBoard {
    @Override
    public void report(String source, List<Problem> reported) {
      problems = List.copyOf(reported);
    }

    @Override
    public List<Entry> problems() {
      return List.of();
    }
  }

  Path config() {
    return base.resolve("config");
  }

  void startStorage() throws Exception {
    service = new ConfigService(context, config(), base.resolve("data"), pace);
    service.start();
  }

  void stopStorage() {
    service.close();
  }

  /** Starts the bundle that a class on the class path came from. */
  Bundle startBundleOf(String className) throws Exception {
    Bundle bundle = context.installBundle("file:" + jarOf(Class.forName(className)));
    bundle.start();
    return bundle;
  }

  private static String jarOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  Bundle startConfigurationAdmin() throws Exception {
    return startBundleOf("org.apache.felix.cm.file.ConfigurationHandler");
  }

  void startMetaType() throws Exception {
    startBundleOf("org.apache.felix.metatype.MetaDataReader");
  }

  ConfigurationAdmin admin() throws InterruptedException {
    ServiceTracker<ConfigurationAdmin, ConfigurationAdmin> tracker =
        new ServiceTracker<>(context, ConfigurationAdmin.class, null);
    tracker.open();
    return tracker.waitForService(5000);
  }

  /** A managed service that remembers what it was last given. */
  static final class Managed implements ManagedService, ManagedServiceFactory {
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile Dictionary<String, ?> last;

    @Override
    public void updated(Dictionary<String, ?> properties) {
      last = properties;
      calls.add(properties == null ? "none" : "updated");
    }

    @Override
    public String getName() {
      return "test";
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
      last = properties;
      calls.add("updated " + pid);
    }

    @Override
    public void deleted(String pid) {
      last = null;
      calls.add("deleted " + pid);
    }

    Object value(String key) {
      Dictionary<String, ?> now = last;
      return now == null ? null : now.get(key);
    }
  }

  Managed manage(String pid) {
    Managed managed = new Managed();
    context.registerService(
        ManagedService.class, managed, FrameworkUtil.asDictionary(Map.of("service.pid", pid)));
    return managed;
  }

  Managed manageFactory(String pid) {
    Managed managed = new Managed();
    context.registerService(
        ManagedServiceFactory.class,
        managed,
        FrameworkUtil.asDictionary(Map.of("service.pid", pid)));
    return managed;
  }

  /** Installs a bundle that only declares the type of a factory's configurations. */
  Bundle installDeclaration(String factoryPid, String attributes) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "declares." + factoryPid);
    String xml =
        "<MetaData xmlns='http://www.osgi.org/xmlns/metatype/v1.3.0'><OCD id='o' name='o'>"
            + attributes
            + ("</OCD><Designate factoryPid='" + factoryPid + "'><Object ocdref='o'/></Designate>")
            + "</MetaData>";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.putNextEntry(new JarEntry("OSGI-INF/metatype/"));
      jar.closeEntry();
      jar.putNextEntry(new JarEntry("OSGI-INF/metatype/o.xml"));
      jar.write(xml.getBytes(StandardCharsets.UTF_8));
      jar.closeEntry();
    }
    return context.installBundle(
        "test:" + factoryPid, new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Override
  public void close() throws BundleException, InterruptedException {
    service.close();
    framework.stop();
    framework.waitForStop(10_000);
  }
}
