package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus RTU device. */
@ObjectClassDefinition(
    name = "Modbus RTU device",
    description = "Reads and writes coils and registers in RTU frames on a serial port.")
public interface RtuForm extends SerialConfig {}
