package io.snaprail.driver.serial.internal.sensor;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a serial sensor: its line first, as it is shown in this order. */
@ObjectClassDefinition(
    name = "Serial sensor",
    description =
        "Anything that speaks lines or frames on a serial port: scales, meters, GPS receivers,"
            + " instruments, barcode readers.")
public interface SensorForm extends LineConfig, SensorConfig {}
