package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.token.HardwareToken;
import io.snaprail.certificates.internal.token.HardwareToken.Location;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hardware token of the configuration {@code io.snaprail.certificates.token~NAME}. */
@Component(
    service = TokenComponent.class,
    configurationPid = "io.snaprail.certificates.token",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TokenComponent.Config.class, factory = true)
public final class TokenComponent {
  private static final Logger LOG = LoggerFactory.getLogger(TokenComponent.class);

  private final HardwareToken token;

  /** Its settings. */
  @ObjectClassDefinition(
      name = "Hardware token",
      description = "A PKCS#11 token that makes and keeps keys: TPM, smart card, HSM")
  @interface Config {
    @AttributeDefinition(
        description = "The maker's PKCS#11 library, such as /usr/lib/softhsm/libsofthsm2.so")
    String library();

    @AttributeDefinition(
        required = false,
        min = "0",
        description = "Number of the token's slot in the library's list, from 0")
    int slot() default 0;

    @AttributeDefinition(description = "Name of the token's PIN in the secret store")
    String pin_secret();
  }

  /** Lets a thread of its own open it: what a maker's library does is not to hold anybody else. */
  @Activate
  public TokenComponent(
      Config config,
      Map<String, Object> properties,
      @Reference SecretStore secrets,
      @Reference CertificateWatch watch) {
    this(
        new HardwareToken(
            name(properties),
            new Location(Path.of(config.library()), config.slot(), config.pin_secret()),
            secrets,
            watch::checkAnew));
  }

  TokenComponent(HardwareToken token) {
    this.token = token;
    Thread opener = new Thread(this::open, "snaprail-token-" + token.name());
    opener.setDaemon(true);
    opener.start();
  }

  private void open() {
    try {
      token.check();
    } catch (CertificateStoreException told) {
      LOG.debug("Hardware token {}: {}", token.name(), told.getMessage());
    }
  }

  private static String name(Map<String, Object> properties) {
    String pid = String.valueOf(properties.get("service.pid"));
    return pid.substring(pid.indexOf('~') + 1);
  }

  HardwareToken token() {
    return token;
  }

  @Deactivate
  void deactivate() {
    token.close();
  }
}
