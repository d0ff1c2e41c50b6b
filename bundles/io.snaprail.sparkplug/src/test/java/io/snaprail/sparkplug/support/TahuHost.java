package io.snaprail.sparkplug.support;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.tahu.host.HostApplication;
import org.eclipse.tahu.host.api.HostApplicationEventHandler;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.model.DeviceDescriptor;
import org.eclipse.tahu.message.model.EdgeNodeDescriptor;
import org.eclipse.tahu.message.model.Message;
import org.eclipse.tahu.message.model.MessageType;
import org.eclipse.tahu.message.model.Metric;
import org.eclipse.tahu.message.model.SparkplugBPayload;
import org.eclipse.tahu.message.model.SparkplugDescriptor;
import org.eclipse.tahu.message.model.Topic;
import org.eclipse.tahu.model.MqttServerDefinition;
import org.eclipse.tahu.mqtt.MqttClientId;
import org.eclipse.tahu.mqtt.MqttServerName;
import org.eclipse.tahu.mqtt.MqttServerUrl;

/**
 * Eclipse Tahu's host application. It checks births, bdSeq and sequence numbers, asks for a rebirth
 * when one is wrong, and knows metrics by alias.
 */
public final class TahuHost implements HostApplicationEventHandler, AutoCloseable {
  /** What has happened, such as {@code DBIRTH boiler}. */
  public final List<String> events = new CopyOnWriteArrayList<>();

  /** Metrics of data messages, in order. */
  public final List<Metric> data = new CopyOnWriteArrayList<>();

  /** Metrics of births, in order. */
  public final List<Metric> births = new CopyOnWriteArrayList<>();

  private final HostApplication application;

  public TahuHost(String id, String group, int port) throws Exception {
    MqttServerDefinition server =
        new MqttServerDefinition(
            new MqttServerName("test"),
            new MqttClientId(id + "-host", false),
            new MqttServerUrl("tcp://127.0.0.1:" + port),
            null,
            null,
            30,
            null);
    application =
        new HostApplication(
            this,
            id,
            new ArrayList<>(List.of("spBv1.0/" + group + "/#")),
            new ArrayList<>(List.of(server)),
            null,
            new SparkplugBPayloadDecoder(),
            true);
  }

  public TahuHost start() {
    application.start(true);
    return this;
  }

  /** A command to a device or, without one, to the node. */
  @SuppressWarnings("JavaUtilDate") // Tahu's API
  public void command(String group, String node, String device, Metric metric) throws Exception {
    Topic topic =
        device == null
            ? new Topic("spBv1.0", group, node, MessageType.NCMD)
            : new Topic("spBv1.0", group, node, device, MessageType.DCMD);
    SparkplugBPayload payload =
        new SparkplugBPayload(new Date(), new ArrayList<>(List.of(metric)), null);
    application.publishCommand(topic, payload);
  }

  public long count(String event) {
    return events.stream().filter(event::equals).count();
  }

  private static String device(SparkplugDescriptor descriptor) {
    return descriptor instanceof DeviceDescriptor device ? device.getDeviceId() : "";
  }

  @Override
  public void onNodeBirthArrived(EdgeNodeDescriptor node, Message message) {
    events.add("NBIRTH " + bdSeq(message));
  }

  @Override
  public void onNodeDeath(EdgeNodeDescriptor node, Message message) {
    events.add("NDEATH " + bdSeq(message));
  }

  private static Object bdSeq(Message message) {
    return message == null || message.getPayload() == null
        ? "none"
        : message.getPayload().getMetrics().stream()
            .filter(metric -> metric.getName().equals("bdSeq"))
            .map(Metric::getValue)
            .findFirst()
            .orElse("none");
  }

  @Override
  public void onDeviceBirthArrived(DeviceDescriptor device, Message message) {
    events.add("DBIRTH " + device.getDeviceId());
  }

  @Override
  public void onDeviceDeath(DeviceDescriptor device, Message message) {
    events.add("DDEATH " + device.getDeviceId());
  }

  @Override
  public void onBirthMetric(SparkplugDescriptor descriptor, Metric metric) {
    births.add(metric);
  }

  @Override
  public void onDataMetric(SparkplugDescriptor descriptor, Metric metric) {
    data.add(metric);
    events.add("data " + device(descriptor));
  }

  @Override
  public void onConnect() {
    events.add("connect");
  }

  @Override
  public void onDisconnect() {
    events.add("disconnect");
  }

  @Override
  public void onMessage(SparkplugDescriptor descriptor, Message message) {}

  @Override
  public void onNodeBirthComplete(EdgeNodeDescriptor node) {}

  @Override
  public void onNodeDataArrived(EdgeNodeDescriptor node, Message message) {}

  @Override
  public void onNodeDataComplete(EdgeNodeDescriptor node) {}

  @Override
  public void onNodeDeathComplete(EdgeNodeDescriptor node) {}

  @Override
  public void onDeviceBirthComplete(DeviceDescriptor device) {}

  @Override
  public void onDeviceDataArrived(DeviceDescriptor device, Message message) {}

  @Override
  public void onDeviceDataComplete(DeviceDescriptor device) {}

  @Override
  public void onDeviceDeathComplete(DeviceDescriptor device) {}

  @Override
  public void onStale(SparkplugDescriptor descriptor, Metric metric) {}

  @Override
  public void close() {
    application.shutdown();
  }
}
