package io.snaprail.awsiot;

import io.snaprail.api.mqtt.PayloadConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a connector: its own settings, then those that every uplink has. */
@ObjectClassDefinition(
    name = "AWS IoT uplink",
    description = "Sends telemetry to AWS IoT Core, or to the local endpoint")
public interface AwsIotForm extends AwsIotConfig, PayloadConfig, TelemetryConfig {}
