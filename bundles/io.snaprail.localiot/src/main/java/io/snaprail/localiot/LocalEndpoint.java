package io.snaprail.localiot;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.localiot.internal.Endpoint;
import io.snaprail.localiot.internal.EndpointSettings;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.setup.DemoSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The local cloud endpoint: MQTT over mutual TLS with the rules of AWS IoT Core, for demo,
 * commissioning and tests. Comes to life with its configuration {@value #PID} and is not meant for
 * production.
 */
@Component(
    configurationPid = LocalEndpoint.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true)
@Designate(ocd = LocalEndpoint.Config.class)
public final class LocalEndpoint implements MetricSource {
  /** Its configuration. */
  public static final String PID = "io.snaprail.localiot";

  private final ProblemBoard board;
  private final @Nullable Endpoint endpoint;
  private final @Nullable ServiceRegistration<IdentityListener> listener;
  private final @Nullable ServiceRegistration<ConsoleExtension> pages;

  /** Settings of the endpoint. */
  @ObjectClassDefinition(
      name = "Local cloud endpoint",
      description = "Behaves as AWS IoT Core does, for demo, commissioning and tests")
  public @interface Config {
    /** Name or address to listen on. */
    @AttributeDefinition(
        name = "Host",
        description = "Name or address to listen on; 127.0.0.1 is reached from this machine only")
    String host() default "127.0.0.1";

    /** Port, 1..65535; 0 for a free one. */
    @AttributeDefinition(name = "Port", description = "1..65535; 0 for a free one")
    int port() default 8883;

    /** Port of the REST twin, 1..65535; 0 for a free one, -1 for none. */
    @AttributeDefinition(
        name = "REST port",
        description =
            "Shadows, jobs and messages over HTTPS with client certificates; 1..65535, 0 for a free"
                + " one, -1 for none")
    int rest_port() default -1;

    /** Account in the names of resources. */
    @AttributeDefinition(
        name = "Account",
        description = "Twelve digits, as they appear in policies")
    String account() default "123456789012";

    /** Region in the names of resources. */
    @AttributeDefinition(name = "Region", description = "As it appears in policies")
    String region() default "local";

    /** Thing to provision; empty for none. */
    @AttributeDefinition(
        name = "Demo thing",
        required = false,
        description = "Thing that is made with certificate and policy; empty for none")
    String demo_thing() default "";

    /** Identity that gets the thing's certificate. */
    @AttributeDefinition(
        name = "Demo identity",
        description = "Identity in the certificate store that gets the demo thing's certificate")
    String demo_identity() default "demo";

    /** Topics of the thing. */
    @AttributeDefinition(
        name = "Demo topics",
        description =
            "What the demo thing may publish and subscribe to, beside its topics under"
                + " $aws/things; * and ? as in policies, {{thing}} for its name")
    String[] demo_topics() default {"{{thing}}/*", "snaprail/{{thing}}/*", "mcc/{{thing}}/*"};

    /** How close it keeps to AWS. */
    @AttributeDefinition(
        name = "Rules",
        description =
            "strict: rates, waiting times and the server name in TLS as at AWS; lenient: without"
                + " what only slows work down",
        options = {
          @Option(label = "Lenient", value = "lenient"),
          @Option(label = "Strict", value = "strict")
        })
    String rules() default "lenient";

    /** CONNACK code for refused clients. */
    @AttributeDefinition(
        name = "Code for refused clients",
        description = "CONNACK code for clients that may not connect: 5, or 7 as AWS documents")
    int connack_unauthorized() default 5;
  }

  /** Starts in the background. */
  @Activate
  public LocalEndpoint(
      BundleContext context,
      Config config,
      @Reference CertificateStore store,
      @Reference CertificateAuthorities authorities,
      @Reference ProblemBoard board) {
    this.board = board;
    EndpointSettings settings = settings(config, board, configurationFile(context));
    if (settings == null) {
      endpoint = null;
      listener = null;
      pages = null;
      return;
    }
    Endpoint.Environment environment =
        new Endpoint.Environment(
            store,
            authorities,
            board,
            Clock.systemUTC(),
            dataFolder(context),
            configurationFile(context));
    Endpoint started = new Endpoint(PID, settings, environment);
    endpoint = started;
    started.start();
    // By hand: as a service of the component it would make a circle with the certificate store,
    // which calls the listeners and is referenced here.
    listener = context.registerService(IdentityListener.class, started::identityChanged, null);
    pages = context.registerService(ConsoleExtension.class, started.pages(), null);
  }

  @Deactivate
  void deactivate() {
    if (pages != null) {
      pages.unregister();
    }
    if (listener != null) {
      listener.unregister();
    }
    if (endpoint != null) {
      endpoint.close();
    } else {
      board.report(PID, List.of());
    }
  }

  @Override
  public void collect(Collector collector) {
    if (endpoint != null) {
      endpoint.collect(collector);
    }
  }

  private static @Nullable EndpointSettings settings(
      Config config, ProblemBoard board, String file) {
    try {
      return new EndpointSettings(
          config.host(),
          config.port(),
          new Arns(config.region(), config.account()),
          new DemoSettings(
              config.demo_thing(), config.demo_identity(), List.of(config.demo_topics())),
          Rules.of(config.rules(), config.connack_unauthorized()),
          config.rest_port());
    } catch (IllegalArgumentException e) {
      String message = file + ": " + e.getMessage();
      board.report(PID, List.of(new Problem(Problem.Severity.ERROR, "local endpoint", message)));
      return null;
    }
  }

  private static Path dataFolder(BundleContext context) {
    String data = context.getProperty(RuntimeProperties.DATA_DIR);
    return Path.of(data == null ? "data" : data, "localiot");
  }

  private static String configurationFile(BundleContext context) {
    String folder = context.getProperty(RuntimeProperties.CONFIG_DIR);
    return Path.of(folder == null ? "config" : folder, PID + ".json").toString();
  }
}
