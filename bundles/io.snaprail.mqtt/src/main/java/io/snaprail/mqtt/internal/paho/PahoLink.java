package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.mqtt.internal.link.Connector.Inbox;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.ScheduledExecutorPingSender;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Paho client and its one connection. */
final class PahoLink implements Link, MqttCallback {
  private static final Logger LOG = LoggerFactory.getLogger(PahoLink.class);
  private static final int REFUSED = 0x80;
  // Long enough for a DISCONNECT to leave; Paho always waits the whole of it.
  private static final long GOODBYE_MS = 200;

  private final MqttSettings settings;
  private final Transport line;
  private final Inbox inbox;
  private final FaultFinder faults;
  private final ClientThreads threads;
  private final MqttAsyncClient client;
  private final Fence fence = new Fence();
  private volatile @Nullable Fault lost;
  private volatile boolean resumed;

  PahoLink(MqttSettings settings, Transport line, Inbox inbox, FaultFinder faults)
      throws MqttException {
    this.settings = settings;
    this.line = line;
    this.inbox = inbox;
    this.faults = faults;
    this.threads = new ClientThreads(settings.name());
    // The address is for Paho's eyes only, so that it looks up no name: the line is there already.
    String address = "tcp://127.0.0.1:" + settings.port();
    this.client =
        new MqttAsyncClient(
            address,
            settings.clientId(),
            new MemoryPersistence(),
            new ScheduledExecutorPingSender(threads.executor()),
            threads.executor());
    this.client.setCallback(this);
  }

  void connect(MqttConnectOptions options) throws MqttException {
    IMqttToken answer = client.connect(options);
    answer.waitForCompletion(PahoConnector.CONNACK_MS);
    resumed = answer.getSessionPresent();
    threads.rename();
  }

  @Override
  public void publish(String topic, byte[] payload, int qos, boolean retained, Receipt receipt)
      throws LinkException {
    try {
      // With QoS 0 Paho calls it a success when the bytes are in the socket's buffer.
      Receipt done = qos > 0 ? receipt : failure -> written(receipt, failure);
      client.publish(topic, payload, qos, retained, null, new Listener(done));
    } catch (MqttException e) {
      throw new LinkException(faults.lost(e), e);
    }
  }

  private void written(Receipt receipt, @Nullable Exception failure) {
    if (failure == null) {
      fence.sent(receipt);
    } else {
      receipt.done(failure);
    }
  }

  @Override
  public void flush() throws LinkException {
    if (!fence.raise()) {
      return;
    }
    try {
      client.unsubscribe(
          new String[] {Fence.NOTHING},
          null,
          new Listener(
              failure -> {
                if (failure == null) {
                  fence.passed();
                }
              }));
    } catch (MqttException e) {
      throw new LinkException(faults.lost(e), e);
    }
  }

  @Override
  public void subscribe(List<String> filters, SubscribeReceipt receipt) throws LinkException {
    int[] qos = new int[filters.size()];
    Arrays.fill(qos, 1);
    try {
      client.subscribe(
          filters.toArray(String[]::new), qos, null, new SubscribeListener(filters, receipt));
    } catch (MqttException e) {
      throw new LinkException(faults.lost(e), e);
    }
  }

  @Override
  public void unsubscribe(List<String> filters) throws LinkException {
    try {
      client.unsubscribe(filters.toArray(String[]::new));
    } catch (MqttException e) {
      throw new LinkException(faults.lost(e), e);
    }
  }

  @Override
  public boolean resumed() {
    return resumed;
  }

  @Override
  public @Nullable Fault lost() {
    return lost;
  }

  @Override
  public void close(boolean orderly) {
    boolean goodbye = orderly && lost == null;
    if (goodbye) {
      line.beOrderly();
    } else {
      line.abort();
    }
    try {
      client.disconnectForcibly(0, GOODBYE_MS, goodbye);
      client.close(true);
    } catch (MqttException e) {
      LOG.debug("{}: closing the client", settings.endpoint(), e);
    }
    line.close();
    threads.close();
  }

  @Override
  public void connectionLost(Throwable cause) {
    lost = faults.lost(cause);
  }

  // Whatever leaves this method ends the connection and brings the message back for ever.
  @SuppressWarnings("CatchingUnchecked")
  @Override
  public void messageArrived(String topic, MqttMessage message) {
    try {
      inbox.message(topic, message.getPayload());
    } catch (Exception e) {
      LOG.error("{}: a message on '{}' could not be taken", settings.endpoint(), topic, e);
    }
  }

  @Override
  public void deliveryComplete(IMqttDeliveryToken token) {
    // Each publish has its own listener.
  }

  /** Passes the outcome of a publish on. */
  private static final class Listener implements IMqttActionListener {
    private final Receipt receipt;

    Listener(Receipt receipt) {
      this.receipt = receipt;
    }

    @Override
    public void onSuccess(IMqttToken token) {
      receipt.done(null);
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
      receipt.done(cause instanceof Exception e ? e : new MqttException(cause));
    }
  }

  /** Finds out which filters were refused. */
  private static final class SubscribeListener implements IMqttActionListener {
    private final List<String> filters;
    private final SubscribeReceipt receipt;

    SubscribeListener(List<String> filters, SubscribeReceipt receipt) {
      this.filters = List.copyOf(filters);
      this.receipt = receipt;
    }

    @Override
    public void onSuccess(IMqttToken token) {
      receipt.done(refused(token));
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
      // Paho calls it a failure when the broker refused; a lost connection has its own way.
      receipt.done(refused(token));
    }

    private List<String> refused(IMqttToken token) {
      int[] granted = token.getGrantedQos();
      List<String> refused = new ArrayList<>();
      for (int i = 0; granted != null && i < granted.length && i < filters.size(); i++) {
        if (granted[i] == REFUSED) {
          refused.add(filters.get(i));
        }
      }
      return refused;
    }
  }
}
