package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.driver.modbus.internal.Identification;
import io.snaprail.driver.modbus.internal.Places;
import io.snaprail.driver.modbus.internal.j2mod.IdentificationRequest;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a request of any form means, as far as it is known. Nothing in it is trusted:
 * neither the request nor the answer need be well-formed.
 */
final class AnswerInWords {
  private static final int READ_REQUEST = 5;
  private static final int READ_WRITE = 23;
  private static final int ENCAPSULATED = 43;
  private static final String MEANING = "meaning";

  private final RawRequest request;
  private final byte[] answer;
  private final boolean zeroBased;

  /**
   * An answer.
   *
   * @param answer not empty
   * @param zeroBased whether {@code holding:0} is the first register; else {@code holding:1} is
   */
  AnswerInWords(RawRequest request, byte[] answer, boolean zeroBased) {
    this.request = request;
    this.answer = answer;
    this.zeroBased = zeroBased;
  }

  /** Tells of each thing that is in it. */
  void tell(BiConsumer<String, String> told) {
    int exception = AnswerCheck.exceptionCode(answer);
    if (exception != 0) {
      told.accept(MEANING, ExceptionCode.text(exception));
      return;
    }
    switch (answer[0]) {
      case 1, 2, 3, 4, READ_WRITE -> values(told);
      case 5, 6, 15, 16, 22 -> told.accept(MEANING, "confirmed");
      case ENCAPSULATED -> identification(told);
      default -> told.accept(MEANING, "not known for function " + answer[0]);
    }
  }

  private void values(BiConsumer<String, String> told) {
    int stated = answer[1] & 0xff;
    if (stated != answer.length - 2) {
      told.accept(
          MEANING, "the byte count says " + stated + ", but there are " + (answer.length - 2));
      return;
    }
    Table table = table();
    int[] values = table != null && table.bits() ? bits() : words();
    told.accept(MEANING, values.length + (table != null && table.bits() ? " bits" : " registers"));
    for (int i = 0; i < values.length; i++) {
      told.accept(
          place(table, i),
          table != null && table.bits()
              ? Integer.toString(values[i])
              : "%04X = %d = %d".formatted(values[i], values[i], (short) values[i]));
    }
  }

  private @Nullable Table table() {
    return Arrays.stream(Table.values())
        .filter(table -> table.readFunction() == answer[0])
        .findFirst()
        .orElse(null);
  }

  private String place(@Nullable Table table, int index) {
    byte[] pdu = request.pdu();
    int at = pdu.length < READ_REQUEST ? -1 : ((pdu[1] & 0xff) << 8 | (pdu[2] & 0xff)) + index;
    return table == null || at < 0 || at >= Table.SIZE
        ? "register " + (index + 1)
        : new Places(zeroBased).address(table, at);
  }

  private int[] words() {
    int[] words = new int[(answer.length - 2) / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = (answer[2 + 2 * i] & 0xff) << 8 | (answer[3 + 2 * i] & 0xff);
    }
    return words;
  }

  /** As many as were asked for, if that can be told; the others fill the last byte. */
  private int[] bits() {
    byte[] pdu = request.pdu();
    int there = 8 * (answer.length - 2);
    int asked = pdu.length == READ_REQUEST ? (pdu[3] & 0xff) << 8 | (pdu[4] & 0xff) : there;
    int[] bits = new int[Math.min(asked, there)];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = answer[2 + i / 8] >> (i % 8) & 1;
    }
    return bits;
  }

  private void identification(BiConsumer<String, String> told) {
    IdentificationRequest known = new IdentificationRequest(0);
    String fault = known.fault(answer);
    if (fault != null) {
      told.accept(MEANING, fault);
      return;
    }
    known.objects(answer).forEach((object, text) -> told.accept(Identification.name(object), text));
  }
}
