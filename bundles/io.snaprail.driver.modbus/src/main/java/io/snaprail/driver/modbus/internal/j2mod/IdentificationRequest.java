package io.snaprail.driver.modbus.internal.j2mod;

import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a device says of itself: function 43, type 14, regular identification as a stream
 * (Modbus Application Protocol V1.1b3, section 6.21). j2mod's own classes are not used, as they
 * trust the lengths in the answer.
 */
public final class IdentificationRequest implements PduRequest {
  private static final byte FUNCTION = 0x2b;
  private static final byte TYPE = 0x0e;

  /** Regular: objects 0 to 127; a device that has only the basic ones gives those. */
  private static final byte REGULAR = 2;

  private static final int MORE = 4;
  private static final int NEXT = 5;
  private static final int COUNT = 6;
  private static final int OBJECTS = 7;
  private static final int MORE_FOLLOWS = 0xff;

  private final byte[] pdu;

  /**
   * A request for objects from one on.
   *
   * @param first object, 0..255; 0 to begin with
   */
  public IdentificationRequest(int first) {
    if (first < 0 || first > 0xff) {
      throw new IllegalArgumentException("there is no object " + first);
    }
    pdu = new byte[] {FUNCTION, TYPE, REGULAR, (byte) first};
  }

  @Override
  public byte[] pdu() {
    return pdu.clone();
  }

  @Override
  public String operation() {
    return "read the device identification";
  }

  @Override
  public @Nullable String fault(byte[] answer) {
    if (answer.length < OBJECTS || answer[1] != TYPE || answer[2] != REGULAR) {
      return "no device identification of the kind that was asked for";
    }
    int more = answer[MORE] & 0xff;
    if (more != 0 && more != MORE_FOLLOWS) {
      return "'more follows' is " + more + ", expected 0 or " + MORE_FOLLOWS;
    }
    if (more != 0 && (answer[NEXT] & 0xff) <= (pdu[3] & 0xff)) {
      return "more follows from object " + (answer[NEXT] & 0xff) + ", which was given already";
    }
    int at = OBJECTS;
    for (int i = 0; i < (answer[COUNT] & 0xff); i++) {
      int length = at + 1 < answer.length ? answer[at + 1] & 0xff : 0;
      at += 2 + length;
    }
    return at == answer.length
        ? null
        : answer.length + " bytes, where the lengths of the objects make " + at;
  }

  /** The objects in a checked answer by their number: 0 vendor, 1 product code, 2 revision, ... */
  public SortedMap<Integer, String> objects(byte[] answer) {
    SortedMap<Integer, String> objects = new TreeMap<>();
    for (int at = OBJECTS; at < answer.length; at += 2 + (answer[at + 1] & 0xff)) {
      int length = answer[at + 1] & 0xff;
      String text = new String(answer, at + 2, length, StandardCharsets.UTF_8);
      objects.put(answer[at] & 0xff, text.replace("\0", "").strip());
    }
    return objects;
  }

  /** The object at which to go on after a checked answer; -1 when it was the last. */
  public int next(byte[] answer) {
    return answer[MORE] == 0 ? -1 : answer[NEXT] & 0xff;
  }
}
