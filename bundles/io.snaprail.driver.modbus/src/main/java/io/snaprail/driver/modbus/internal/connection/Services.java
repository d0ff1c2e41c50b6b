package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.nio.IoLoop;

/** What all connections use. */
record Services(HostResolver resolver, IoLoop loop, Waits waits) {}
