package io.snaprail.sparkplug;

import io.snaprail.api.mqtt.BrokerConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of an edge node: its own settings, then those that every uplink has. */
@ObjectClassDefinition(
    name = "Sparkplug B uplink",
    description = "An edge node of Sparkplug B 3.0: births, deaths, data and commands over MQTT")
public interface SparkplugForm extends SparkplugConfig, BrokerConfig, TelemetryConfig {}
