package io.snaprail.sparkplug.internal;

import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An edge node: what it says, and what it listens to. */
public final class Node implements MessageHandler {
  private final Names names;
  private final PrimaryHost host;
  private final EdgeNode edge;
  private final Commands commands;

  /** Puts the pieces together. */
  public Node(String uplink, EdgeNode.Parts parts, CommandParts services) {
    this.names = parts.names();
    this.host = parts.host();
    Aliases aliases = new Aliases();
    this.edge = new EdgeNode(parts, aliases);
    this.commands =
        new Commands(
            uplink,
            new Commands.Rules(parts.writable(), services.longest()),
            aliases,
            new Commands.Parts(services.gate(), services.audit(), parts.clock()));
  }

  /** How samples become messages. */
  public TelemetryEncoding encoding() {
    return edge;
  }

  /** Death certificates. */
  public Presence presence() {
    return edge;
  }

  /** What it listens to: 5.4, before the birth. */
  public List<String> filters() {
    List<String> filters = new ArrayList<>(List.of(names.nodeCommand(), names.deviceCommands()));
    if (host.wanted()) {
      filters.add(host.topic());
    }
    return filters;
  }

  @Override
  public void message(String topic, byte[] payload) {
    String device = names.commanded(topic);
    if (!device.isEmpty()) {
      commands.write(device, payload);
    } else if (topic.equals(names.nodeCommand())) {
      if (commands.rebirth(payload)) {
        edge.rebirth();
      }
    } else if (host.wanted() && topic.equals(host.topic())) {
      host.message(payload);
    }
  }

  @Override
  public void ready(Set<String> refused) {
    edge.subscribed(true);
  }

  @Override
  public void lost() {
    edge.subscribed(false);
    host.lost();
  }
}
