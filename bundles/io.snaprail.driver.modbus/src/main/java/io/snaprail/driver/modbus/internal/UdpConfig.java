package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus UDP device: the settings are those of {@link TcpConfig}. */
@ObjectClassDefinition(
    name = "Modbus UDP device",
    description = "Reads and writes coils and registers over Modbus UDP.")
public interface UdpConfig extends PortForm, TcpConfig {}
