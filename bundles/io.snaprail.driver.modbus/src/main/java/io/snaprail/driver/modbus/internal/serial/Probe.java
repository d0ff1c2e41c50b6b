package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request that changes nothing and whose answer, or refusal, cannot be mistaken for that of the
 * request that follows.
 */
final class Probe implements PduRequest {
  /** Diagnostics; sub-function 0 gives back what it was sent (V1.1b3, section 6.8). */
  static final int DIAGNOSTICS = 8;

  private static final int READ_HOLDING = 3;
  private static final int READ_INPUT = 4;

  private final byte[] pdu;

  private Probe(int... octets) {
    pdu = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      pdu[i] = (byte) octets[i];
    }
  }

  /** Asks to send back a number. */
  static Probe echo(int number) {
    return new Probe(DIAGNOSTICS, 0, 0, number >> 8, number);
  }

  /** Reads one register, by another function than the given one. */
  static Probe read(int notFunction) {
    return new Probe(notFunction == READ_HOLDING ? READ_INPUT : READ_HOLDING, 0, 0, 0, 1);
  }

  @Override
  public byte[] pdu() {
    return pdu;
  }

  @Override
  public String operation() {
    return "find out whether it still answers an earlier request";
  }

  @Override
  public @Nullable String fault(byte[] answer) {
    boolean right = pdu[0] == DIAGNOSTICS ? Arrays.equals(answer, pdu) : answer.length == 4;
    return right ? null : "an answer that does not fit";
  }
}
