package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.mqtt.internal.link.Connector;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.io.IOException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;

/** Makes one Paho client after another: each for one connection only. */
public final class PahoConnector implements Connector {
  /** Longest wait for the answer to CONNECT. */
  static final long CONNACK_MS = 8_000;

  /** More than our own windows together, because Paho counts what is being sent too. */
  private static final int MAX_INFLIGHT = 150;

  private final MqttSettings settings;
  private final Credentials credentials;
  private final FaultFinder faults;
  private volatile @Nullable Transport transport;
  private volatile boolean aborted;

  /** Connects as the settings say. */
  public PahoConnector(MqttSettings settings, Credentials credentials) {
    this.settings = settings;
    this.credentials = credentials;
    this.faults = new FaultFinder(settings, credentials);
  }

  /** What a connection needs from the certificate and secret stores, fresh at each attempt. */
  public interface Credentials {
    /**
     * A TLS context.
     *
     * @throws CertificateStoreException when something is missing or unusable; the message is for
     *     people
     */
    SSLContext tls() throws CertificateStoreException;

    /**
     * The password; wiped by the caller.
     *
     * @return null when the user has none
     * @throws CertificateStoreException when it is not there; the message is for people
     */
    char @Nullable [] password() throws CertificateStoreException;

    /**
     * The proxy's password; wiped by the caller.
     *
     * @return null when there is no proxy, or its user has none
     * @throws CertificateStoreException when it is not there; the message is for people
     */
    char @Nullable [] proxyPassword() throws CertificateStoreException;

    /** A broker has accepted the connection that was made with a context. */
    void accepted(SSLContext context);

    /** A broker was reached, and the connection refused or not made: perhaps for the identity. */
    void failed(SSLContext context);

    /** The identity in words, for messages about its refusal; empty without one. */
    String identityText();
  }

  @Override
  public Link connect(Inbox inbox) throws LinkException {
    SSLContext context = null;
    try {
      Transport line = new Transport(settings, tunnel());
      transport = line;
      if (aborted) {
        line.abort();
      }
      context = settings.tls() ? credentials.tls() : null;
      MqttConnectOptions options = options(line);
      line.open(context);
      Link link = start(line, options, inbox);
      if (context != null) {
        credentials.accepted(context);
      }
      return link;
    } catch (CertificateStoreException e) {
      throw new LinkException(faults.credentials(e), e);
    } catch (ProxyException e) {
      throw new LinkException(e.fault(settings), e);
    } catch (Transport.TlsFailure e) {
      failed(context);
      throw new LinkException(faults.tls(e), e);
    } catch (MqttException e) {
      failed(context);
      throw new LinkException(faults.connect(e), e);
    } catch (IOException e) {
      throw new LinkException(faults.tcp(e), e);
    }
  }

  private @Nullable ProxyTunnel tunnel() throws CertificateStoreException {
    ProxySettings proxy = settings.proxy();
    return proxy == null
        ? null
        : new ProxyTunnel(proxy, settings.host(), settings.port(), credentials.proxyPassword());
  }

  private void failed(@Nullable SSLContext context) {
    if (context != null) {
      credentials.failed(context);
    }
  }

  @Override
  public void abort() {
    aborted = true;
    Transport line = transport;
    if (line != null) {
      line.abort();
    }
  }

  private Link start(Transport line, MqttConnectOptions options, Inbox inbox) throws MqttException {
    PahoLink link = null;
    try {
      link = new PahoLink(settings, line, inbox, faults);
      link.connect(options);
      return link;
    } catch (MqttException e) {
      if (link != null) {
        link.close(false);
      }
      line.abort();
      throw e;
    }
  }

  private MqttConnectOptions options(Transport line) throws CertificateStoreException {
    MqttConnectOptions options = new MqttConnectOptions();
    // 3.1.1 only: the default falls back to 3.1 and doubles every time-out.
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setAutomaticReconnect(false);
    options.setCleanSession(settings.client().cleanSession());
    options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
    options.setMaxInflight(MAX_INFLIGHT);
    options.setSocketFactory(new OneSocketFactory(line));
    Presence.Message will = settings.client().presence().will();
    if (will != null) {
      options.setWill(will.topic(), will.payload(), will.qos(), will.retained());
    }
    String user = settings.client().login().user();
    if (!user.isEmpty()) {
      options.setUserName(user);
      char[] password = credentials.password();
      if (password != null) {
        options.setPassword(password);
        Arrays.fill(password, '\0');
      }
    }
    return options;
  }
}
