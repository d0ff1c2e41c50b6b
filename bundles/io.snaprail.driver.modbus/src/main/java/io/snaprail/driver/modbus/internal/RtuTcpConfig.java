package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus RTU over TCP device: the settings are those of {@link TcpConfig}. */
@ObjectClassDefinition(
    name = "Modbus RTU over TCP device",
    description =
        "Reads and writes coils and registers in RTU frames on a TCP connection, as converters to a"
            + " serial line pass them on.")
public interface RtuTcpConfig extends PortForm, TcpConfig {}
