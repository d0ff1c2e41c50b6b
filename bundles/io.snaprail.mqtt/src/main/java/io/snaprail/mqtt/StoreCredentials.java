package io.snaprail.mqtt;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.api.security.SecretStore;
import io.snaprail.mqtt.internal.paho.PahoConnector;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Takes what a connection needs out of the certificate and secret stores, if they are there. */
final class StoreCredentials implements PahoConnector.Credentials {
  private final MqttSettings settings;
  private final Supplier<@Nullable CertificateStore> certificates;
  private final Supplier<@Nullable SecretStore> secrets;

  StoreCredentials(
      MqttSettings settings,
      Supplier<@Nullable CertificateStore> certificates,
      Supplier<@Nullable SecretStore> secrets) {
    this.settings = settings;
    this.certificates = certificates;
    this.secrets = secrets;
  }

  @Override
  public SSLContext tls() throws CertificateStoreException {
    CertificateStore store = certificates.get();
    if (store == null) {
      throw new CertificateStoreException(
          "the certificate store is not running; waiting for it. Check that the bundle"
              + " io.snaprail.certificates is active");
    }
    String identity = settings.identity();
    if (!identity.isEmpty() && store.active(identity).isEmpty()) {
      throw new CertificateStoreException(
          "identity '"
              + identity
              + "' not found in the certificate store; waiting. Make or import it there, or correct"
              + " the setting identity");
    }
    String roots = settings.roots();
    if (!roots.isEmpty() && !store.rootSets().contains(roots)) {
      throw new CertificateStoreException(
          "set of trusted roots '"
              + roots
              + "' not found in the certificate store; waiting. Import it there, or correct the"
              + " setting roots");
    }
    return store.clientContext(identity, roots);
  }

  @Override
  public void accepted(SSLContext context) {
    CertificateStore store = certificates.get();
    if (store != null) {
      store.accepted(context);
    }
  }

  @Override
  public void failed(SSLContext context) {
    CertificateStore store = certificates.get();
    if (store != null) {
      store.failed(context);
    }
  }

  @Override
  public char @Nullable [] password() throws CertificateStoreException {
    return secret(settings.client().login().passwordSecret(), "password.secret");
  }

  @Override
  public char @Nullable [] proxyPassword() throws CertificateStoreException {
    ProxySettings proxy = settings.proxy();
    return proxy == null ? null : secret(proxy.login().passwordSecret(), "proxy.password.secret");
  }

  private char @Nullable [] secret(String name, String key) throws CertificateStoreException {
    if (name.isEmpty()) {
      return null;
    }
    SecretStore store = secrets.get();
    char[] secret = store == null ? null : store.get(name).orElse(null);
    if (secret == null) {
      throw new CertificateStoreException(
          "secret '"
              + name
              + "' not found in the secret store; waiting. Put it there, or correct the setting "
              + key);
    }
    return secret;
  }

  @Override
  public String identityText() {
    CertificateStore store = certificates.get();
    if (store == null || settings.identity().isEmpty()) {
      return "";
    }
    return store
        .active(settings.identity())
        .map(i -> "'" + i.name() + "' (" + i.subject() + ", valid until " + i.notAfter() + ")")
        .orElse("'" + settings.identity() + "'");
  }
}
