package io.snaprail.driver.mbus.internal.record;

import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import io.snaprail.driver.mbus.internal.link.Frame;
import io.snaprail.driver.mbus.internal.link.MeterAddress.Secondary;
import io.snaprail.driver.mbus.internal.record.DataRecord.Function;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a meter tells in one answer (EN 13757-3, clauses 5 and 6).
 *
 * @param meter who it is; null when the answer does not say
 * @param accessNumber counts its answers; -1 when the answer does not say
 * @param status bits of clause 5.10; 0 when the answer does not say
 * @param records in their order
 * @param more whether there are more records in the next telegram
 * @param fault why the records end before the answer does; empty when they do not
 */
public record Telegram(
    @Nullable Secondary meter,
    int accessNumber,
    int status,
    List<DataRecord> records,
    boolean more,
    String fault) {
  private static final int LONG_HEADER = 0x72;
  private static final int SHORT_HEADER = 0x7A;
  private static final int NO_HEADER = 0x78;
  private static final int APPLICATION_ERROR = 0x70;
  private static final int FIXED = 0x73;
  private static final int MODE = 0x1f;
  private static final int LAST_MODE = 15;

  /** By the two bits that tell it. */
  private static final List<Function> FUNCTIONS =
      List.of(Function.INSTANTANEOUS, Function.MAXIMUM, Function.MINIMUM, Function.ERROR);

  private static final int FILLER = 0x2F;
  private static final int MANUFACTURER = 0x0F;
  private static final int MORE = 0x1F;
  private static final int MOST_EXTENSIONS = 10;

  /** Copies the list. */
  public Telegram {
    records = List.copyOf(records);
  }

  /**
   * Decodes.
   *
   * @param first number of the first record
   * @throws BrokenFrameException when the answer is not one that is known here
   */
  public static Telegram of(Frame.Data frame, int first) throws BrokenFrameException {
    byte[] data = frame.data();
    int header =
        switch (frame.information()) {
          case LONG_HEADER -> 12;
          case SHORT_HEADER -> 4;
          case NO_HEADER -> 0;
          case FIXED ->
              throw new BrokenFrameException(
                  "the meter answers with the fixed data structure of EN 1434 (CI 73), which is not"
                      + " supported");
          case APPLICATION_ERROR ->
              throw new BrokenFrameException(
                  "the meter tells an application error"
                      + (data.length > 0 ? " %02X".formatted(data[0]) : ""));
          default ->
              throw new BrokenFrameException(
                  "expected CI 72, 78 or 7A, found %02X".formatted(frame.information()));
        };
    if (data.length < header) {
      throw new BrokenFrameException(
          "expected a header of %d bytes, found %d".formatted(header, data.length));
    }
    requireReadable(data, header);
    List<DataRecord> records = new ArrayList<>();
    boolean more = false;
    String fault = "";
    try {
      more = records(new Cursor(data, header), first, records);
    } catch (BrokenFrameException e) {
      // Where the next one begins nobody can tell; those before are whole.
      fault = String.valueOf(e.getMessage());
    }
    return new Telegram(
        header == 12 ? Secondary.of(Arrays.copyOf(data, 8)) : null,
        header > 0 ? data[header - 4] & 0xff : -1,
        header > 0 ? data[header - 3] & 0xff : 0,
        records,
        more,
        fault);
  }

  /** Old meters have a signature here that means nothing: only a true mode with blocks counts. */
  private static void requireReadable(byte[] data, int header) throws BrokenFrameException {
    int mode = header > 0 ? data[header - 1] & MODE : 0;
    if (mode > 0 && mode <= LAST_MODE && (data[header - 2] & 0xf0) != 0) {
      throw new BrokenFrameException(
          "the meter encrypts its answer (mode %d), which is not supported".formatted(mode));
    }
  }

  /** Whether more records follow in another telegram. */
  private static boolean records(Cursor from, int first, List<DataRecord> records)
      throws BrokenFrameException {
    while (!from.atEnd()) {
      int dif = from.next("data information");
      if (dif == MANUFACTURER || dif == MORE) {
        return dif == MORE;
      }
      if (dif != FILLER) {
        records.add(record(dif, first + records.size(), from));
      }
    }
    return false;
  }

  private static DataRecord record(int dif, int number, Cursor from) throws BrokenFrameException {
    if ((dif & 0x0f) == 0x0f) {
      throw new BrokenFrameException(
          "expected data information, found %02X at byte %d".formatted(dif, from.place() - 1));
    }
    long storage = dif >> 6 & 1;
    int tariff = 0;
    int subunit = 0;
    int last = dif;
    for (int n = 0; (last & 0x80) != 0; n++) {
      last = extension(n, "data information", from);
      storage |= (last & 0x0fL) << (4 * n + 1);
      tariff |= (last >> 4 & 3) << (2 * n);
      subunit |= (last >> 6 & 1) << n;
    }
    Information information = Information.read(from);
    Content content = Fields.read(dif & 0x0f, information.meaning().form(), from);
    return new DataRecord(
        number,
        FUNCTIONS.get(dif >> 4 & 3),
        storage,
        tariff,
        subunit,
        information.meaning(),
        information.extensions(),
        information.hex(),
        information.fault().isEmpty() ? content : new Content.None(information.fault()));
  }

  static int extension(int number, String what, Cursor from) throws BrokenFrameException {
    if (number >= MOST_EXTENSIONS) {
      throw new BrokenFrameException("expected 10 extensions of " + what + " at most, found more");
    }
    return from.next("an extension of " + what);
  }
}
