package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus ASCII over TCP device: the settings are those of {@link TcpConfig}. */
@ObjectClassDefinition(
    name = "Modbus ASCII over TCP device",
    description =
        "Reads and writes coils and registers in ASCII frames on a TCP connection, as converters to"
            + " a serial line pass them on.")
public interface AsciiTcpConfig extends PortForm, TcpConfig {}
