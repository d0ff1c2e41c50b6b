package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.awsiot.internal.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request by raw Modbus address. MODBUS Application Protocol V1.1b3, sections 6.1 to 6.6, 6.11
 * and 6.12; addresses are those on the wire, from 0.
 *
 * @param operation such as {@code ReadHoldingRegisters}
 * @param function code
 * @param address first, 0..65535
 * @param values to be written; empty when it reads
 * @param count of registers or bits
 */
record RawRequest(String operation, int function, int address, List<Integer> values, int count) {
  private static final Map<String, Integer> FUNCTIONS =
      Map.of(
          "ReadCoils", 1,
          "ReadDiscreteInputs", 2,
          "ReadHoldingRegisters", 3,
          "ReadInputRegisters", 4,
          "WriteSingleCoil", 5,
          "WriteSingleRegister", 6,
          "WriteMultipleCoils", 15,
          "WriteMultipleRegisters", 16);

  private static final int ADDRESSES = 65_536;
  private static final int COIL_ON = 0xFF00;

  /** Whether an operation is one of these. */
  static boolean is(String operation) {
    return FUNCTIONS.containsKey(operation);
  }

  /** Whether an operation changes something. */
  static boolean writes(String operation) {
    return operation.startsWith("Write");
  }

  /** Reads; fails with an {@link OperationException} that names key, expected and found. */
  static RawRequest of(String operation, JsonObject request) {
    int function = FUNCTIONS.getOrDefault(operation, 0);
    int address = whole(request, "address", 0, ADDRESSES - 1);
    List<Integer> values = List.of();
    int count = 1;
    if (!writes(operation)) {
      count = request.has("count") ? whole(request, "count", 1, most(function)) : 1;
    } else {
      boolean bits = bits(function);
      JsonElement given = request.has("values") ? request.get("values") : request.get("value");
      values = values(given, bits, function <= 6 ? 1 : most(function));
      count = values.size();
    }
    if (address + count > ADDRESSES) {
      throw bad("expected 'address' and 'count' within 0..65535");
    }
    return new RawRequest(operation, function, address, values, count);
  }

  /** Most that one request may carry. */
  private static int most(int function) {
    return switch (function) {
      case 1, 2 -> 2_000;
      case 3, 4 -> 125;
      case 15 -> 1_968;
      default -> 123;
    };
  }

  private static boolean bits(int function) {
    return function == 1 || function == 2 || function == 5 || function == 15;
  }

  private static int whole(JsonObject request, String key, int least, int most) {
    Optional<Long> found = JsonText.whole(request, key);
    if (found.isEmpty() || found.get() < least || found.get() > most) {
      throw bad("expected '" + key + "', a whole number " + least + ".." + most);
    }
    return found.get().intValue();
  }

  private static List<Integer> values(JsonElement given, boolean bits, int most) {
    JsonArray array = new JsonArray();
    if (given instanceof JsonArray list) {
      array = list;
    } else if (given != null) {
      array.add(given);
    }
    List<Integer> values = new ArrayList<>();
    for (JsonElement one : array) {
      values.add(one instanceof JsonPrimitive primitive ? value(primitive, bits) : -1);
    }
    if (values.isEmpty() || values.size() > most || values.contains(-1)) {
      throw bad(
          "expected 'value' or 'values', 1.."
              + most
              + (bits ? " of true, false, 1, 0" : " whole numbers 0..65535"));
    }
    return values;
  }

  /** The number on the wire; -1 for none. */
  private static int value(JsonPrimitive primitive, boolean bits) {
    if (bits && primitive.isBoolean()) {
      return primitive.getAsBoolean() ? 1 : 0;
    }
    String text = primitive.isNumber() ? primitive.getAsString() : "";
    int value = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    return value <= (bits ? 1 : ADDRESSES - 1) ? value : -1;
  }

  /** What follows the function code, in hexadecimal. */
  String data() {
    StringBuilder hex = new StringBuilder("%04x".formatted(address));
    switch (function) {
      case 5 -> hex.append("%04x".formatted(values.get(0) == 1 ? COIL_ON : 0));
      case 6 -> hex.append("%04x".formatted(values.get(0)));
      case 15 -> {
        int bytes = (count + 7) / 8;
        hex.append("%04x%02x".formatted(count, bytes));
        for (int i = 0; i < bytes; i++) {
          int packed = 0;
          for (int bit = 0; bit < 8 && 8 * i + bit < count; bit++) {
            packed |= values.get(8 * i + bit) << bit;
          }
          hex.append("%02x".formatted(packed));
        }
      }
      case 16 -> {
        hex.append("%04x%02x".formatted(count, 2 * count));
        values.forEach(value -> hex.append("%04x".formatted(value)));
      }
      default -> hex.append("%04x".formatted(count));
    }
    return hex.toString();
  }

  /** The request that reads what this one has written. */
  RawRequest readBack() {
    boolean bits = bits(function);
    return new RawRequest(
        bits ? "ReadCoils" : "ReadHoldingRegisters", bits ? 1 : 3, address, List.of(), count);
  }

  /**
   * What was read; fails with an {@link OperationException} for an exception of the device and for
   * an answer that does not fit.
   *
   * @param pdu the answer, from its function code on
   */
  JsonObject read(byte[] pdu) {
    check(pdu);
    int bytes = bits(function) ? (count + 7) / 8 : 2 * count;
    if (pdu.length != 2 + bytes || (pdu[1] & 0xff) != bytes) {
      throw new OperationException(
          "FAILED", "expected " + bytes + " bytes of values from the device, found others");
    }
    JsonArray values = new JsonArray();
    for (int i = 0; i < count; i++) {
      values.add(
          bits(function)
              ? pdu[2 + i / 8] >> (i % 8) & 1
              : (pdu[2 + 2 * i] & 0xff) << 8 | (pdu[3 + 2 * i] & 0xff));
    }
    JsonObject payload = new JsonObject();
    payload.addProperty("address", address);
    payload.add(bits(function) ? "bits" : "registers", values);
    return payload;
  }

  /** Whether the device has done it; fails as {@link #read}. */
  void check(byte[] pdu) {
    if (pdu.length == 2 && (pdu[0] & 0xff) == (function | 0x80)) {
      throw new OperationException(
          "DEVICE_REFUSED", "the device answers exception " + (pdu[1] & 0xff), pdu[1] & 0xff);
    }
    if (pdu.length < 2 || pdu[0] != function) {
      throw new OperationException(
          "FAILED", "expected an answer to function " + function + ", found another");
    }
  }

  private static OperationException bad(String words) {
    return new OperationException("BAD_REQUEST", words);
  }
}
