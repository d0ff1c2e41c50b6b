package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The form of a Modbus TCP device: the settings are those of {@link TcpConfig} and two more. A form
 * shows them in the order in which they are inherited.
 */
@ObjectClassDefinition(
    name = "Modbus TCP device",
    description = "Reads and writes coils and registers over Modbus TCP.")
public interface TcpForm extends PortForm, TcpConfig, WindowForm {}
