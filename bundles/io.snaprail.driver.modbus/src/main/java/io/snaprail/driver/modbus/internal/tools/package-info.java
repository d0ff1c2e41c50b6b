/** What is done while a device is set up: scans, identification, single requests. */
@NullMarked
package io.snaprail.driver.modbus.internal.tools;

import org.jspecify.annotations.NullMarked;
