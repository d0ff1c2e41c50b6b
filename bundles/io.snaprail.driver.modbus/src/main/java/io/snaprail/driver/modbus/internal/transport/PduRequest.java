package io.snaprail.driver.modbus.internal.transport;

import org.jspecify.annotations.Nullable;

/**
 * A request, independent of the transport: a protocol data unit (function code and data), and what
 * an answer to it must look like.
 */
public interface PduRequest {
  /** Function code and data, 1..253 bytes. The caller does not change them. */
  byte[] pdu();

  /** What it does, for messages: {@code read holding 100..109}. */
  String operation();

  /**
   * Checks an answer that carries the request's own function code.
   *
   * @return what is wrong with it, or null when it answers this request
   */
  @Nullable String fault(byte[] answer);
}
