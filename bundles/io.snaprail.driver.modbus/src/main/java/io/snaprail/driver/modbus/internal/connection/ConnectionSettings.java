package io.snaprail.driver.modbus.internal.connection;

import java.time.Duration;

/**
 * How a device uses the connection that it shares.
 *
 * @param connectTimeout longest wait for the connection, above zero
 * @param number which of the connections to this host and port it uses, from 1
 * @param outstanding how many requests of the device may be under way at once, 1..16
 * @param idle time without use after which it is closed; zero to keep it open
 * @param keep whether it stays open after a cycle
 */
public record ConnectionSettings(
    Duration connectTimeout, int number, int outstanding, Duration idle, boolean keep) {}
