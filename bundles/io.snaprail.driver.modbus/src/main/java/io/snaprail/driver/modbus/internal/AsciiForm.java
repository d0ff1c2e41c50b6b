package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus ASCII device. */
@ObjectClassDefinition(
    name = "Modbus ASCII device",
    description = "Reads and writes coils and registers in ASCII frames on a serial port.")
public interface AsciiForm extends SerialConfig {}
