package io.snaprail.certificates;

import io.snaprail.certificates.internal.rotation.Due;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** When an identity is rotated: configuration {@code io.snaprail.certificates.rotation~NAME}. */
@Component(
    service = RotationSchedule.class,
    configurationPid = "io.snaprail.certificates.rotation",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RotationSchedule.Config.class, factory = true)
public final class RotationSchedule {
  private final String name;
  private final Config config;

  /** Its settings. */
  @ObjectClassDefinition(
      name = "Certificate rotation",
      description = "Replaces key and certificate of an identity by itself")
  @interface Config {
    @AttributeDefinition(description = "Identity in the certificate store")
    String identity();

    @AttributeDefinition(
        description = "Who signs: the name of an issuer, or authority:NAME for an own authority")
    String issuer();

    @AttributeDefinition(
        required = false,
        min = "0",
        description = "Days before the certificate's end")
    int days_before() default 30;

    @AttributeDefinition(
        required = false,
        min = "0",
        description = "Days after the certificate's beginning, if that comes first; 0 for not")
    int every_days() default 0;

    @AttributeDefinition(
        required = false,
        min = "0",
        description = "Earlier by up to so many hours, each certificate by another part of it")
    int jitter_hours() default 24;
  }

  /** Holds settings only. */
  @Activate
  public RotationSchedule(Config config, Map<String, Object> properties) {
    String pid = String.valueOf(properties.get("service.pid"));
    this.name = pid.substring(pid.indexOf('~') + 1);
    this.config = config;
  }

  String name() {
    return name;
  }

  String identity() {
    return config.identity();
  }

  String issuer() {
    return config.issuer();
  }

  Due due() {
    return new Due(
        Duration.ofDays(config.days_before()),
        Duration.ofDays(config.every_days()),
        Duration.ofHours(config.jitter_hours()));
  }

  /** What is wrong with the settings; empty when nothing is. */
  Optional<String> wrong() {
    if (config.identity() == null || config.identity().isBlank()) {
      return Optional.of("identity: expected the name of an identity, found nothing");
    }
    if (config.issuer() == null || config.issuer().isBlank()) {
      return Optional.of("issuer: expected the name of an issuer or authority:NAME, found nothing");
    }
    int least =
        Math.min(config.days_before(), Math.min(config.every_days(), config.jitter_hours()));
    return least < 0
        ? Optional.of("expected days.before, every.days and jitter.hours from 0, found " + least)
        : Optional.empty();
  }
}
