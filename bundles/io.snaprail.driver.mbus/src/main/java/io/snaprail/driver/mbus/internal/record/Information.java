package io.snaprail.driver.mbus.internal.record;

import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The value information of a record (EN 13757-3, clause 6.4).
 *
 * @param extensions codes that do not only scale the value, 0..0x7F
 * @param hex its bytes
 * @param fault why the meter has no value; empty when it has
 */
record Information(Meaning meaning, List<Integer> extensions, String hex, String fault) {
  private static final int SECOND_TABLE = 0xFD;
  private static final int THIRD_TABLE = 0xFB;
  private static final int PLAIN_TEXT = 0x7C;
  private static final int MANUFACTURER = 0x7F;

  /** Extensions below it are faults that the meter tells of the record (table 17). */
  private static final int FAULTS = 0x20;

  /** Copies the list. */
  Information {
    extensions = List.copyOf(extensions);
  }

  static Information read(Cursor from) throws BrokenFrameException {
    int start = from.place();
    int code = from.next("value information");
    int last = code;
    Meaning meaning;
    if (code == SECOND_TABLE || code == THIRD_TABLE) {
      last = from.next("value information");
      meaning = code == SECOND_TABLE ? Meanings.second(last & 0x7f) : Meanings.third(last & 0x7f);
    } else if ((code & 0x7f) == PLAIN_TEXT) {
      byte[] text = from.take(from.next("the length of a unit"), "a unit");
      meaning = Meaning.number(Meanings.PLAIN, Fields.text(text).strip(), 0);
    } else {
      meaning = Meanings.primary(code & 0x7f);
    }
    boolean theirs = (code & 0x7f) == MANUFACTURER;
    List<Integer> extensions = new ArrayList<>();
    String fault = "";
    for (int n = 0; (last & 0x80) != 0; n++) {
      last = Telegram.extension(n, "value information", from);
      int extension = last & 0x7f;
      if (!theirs && extension > 0 && extension < FAULTS) {
        fault = "the meter tells fault %02X of this record".formatted(extension);
      } else if (!theirs && extension != 0) {
        meaning = Meanings.extended(meaning, extension);
        theirs = extension == MANUFACTURER;
      }
      if (theirs || (extension >= FAULTS && !Meanings.scales(extension))) {
        extensions.add(extension);
      }
    }
    String hex = HexFormat.of().withUpperCase().formatHex(from.since(start));
    return new Information(meaning, extensions, hex, fault);
  }
}
