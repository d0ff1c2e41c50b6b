package io.snaprail.driver.mbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import io.snaprail.driver.mbus.internal.link.Frame;
import io.snaprail.driver.mbus.internal.link.MbusLine;
import io.snaprail.driver.mbus.internal.link.MeterAddress;
import io.snaprail.driver.mbus.internal.link.MeterAddress.Primary;
import io.snaprail.driver.mbus.internal.link.MeterAddress.Secondary;
import io.snaprail.driver.mbus.internal.record.DataRecord;
import io.snaprail.driver.mbus.internal.record.Telegram;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a meter: resets or selects it, and asks for its telegrams until it has no more (EN 13757-2,
 * clause 5.7; EN 13757-3, clause 11). Used by one thread at a time.
 */
public final class Meter {
  // C fields of requests.
  private static final int SND_NKE = 0x40;
  private static final int SND_UD = 0x53;
  private static final int REQ_UD2 = 0x5B;
  private static final int FRAME_COUNT_BIT = 0x20;
  private static final int SELECT = 0x52;

  // RSP_UD, whatever its bits ACD and DFC are.
  private static final int RSP_UD = 0x08;
  private static final int RSP_MASK = 0xCF;

  private static final int MOST_TELEGRAMS = 32;

  private final MbusLine line;
  private final MeterAddress address;
  private final boolean reset;

  /** Toggles with each request that was answered, so that the meter goes on. */
  private boolean frameCount = true;

  /** Whether no meter is known to be selected, so that the selected one begins anew. */
  private boolean clean;

  /**
   * A meter that was not asked yet.
   *
   * @param reset whether its link is reset: before it is read by its primary address, behind that
   *     by its secondary one
   */
  public Meter(MbusLine line, MeterAddress address, boolean reset) {
    this.line = line;
    this.address = address;
    this.reset = reset;
  }

  /**
   * What a meter told.
   *
   * @param first its first telegram, which says who it is
   * @param records of all its telegrams
   * @param fault why there are not more; empty when these are all
   */
  public record Readout(Telegram first, List<DataRecord> records, String fault) {
    /** Copies the list. */
    public Readout {
      records = List.copyOf(records);
    }
  }

  /**
   * Reads all its telegrams.
   *
   * @throws DriverException when it does not answer, or otherwise than expected
   */
  public Readout read(Deadline deadline) throws DriverException {
    int number = begin(deadline);
    List<DataRecord> records = new ArrayList<>();
    Telegram first = null;
    Telegram next;
    int count = 0;
    do {
      next = telegram(number, records.size(), deadline);
      first = first == null ? next : first;
      records.addAll(next.records());
      count++;
    } while (next.more() && count < MOST_TELEGRAMS);
    deselect(deadline);
    if (next.more()) {
      throw wrong("expected " + MOST_TELEGRAMS + " telegrams at most, found more");
    }
    return new Readout(first, records, next.fault());
  }

  /** Makes the meter ready; the address under which it answers then. */
  private int begin(Deadline deadline) throws DriverException {
    if (address instanceof Secondary secondary) {
      if (!clean) {
        deselect(deadline);
      }
      clean = false;
      select(secondary, deadline);
      return MeterAddress.SELECTED;
    }
    int number = ((Primary) address).number();
    if (reset) {
      acknowledged(line.ask(Frame.request(SND_NKE, number), "the reset of " + address, deadline));
      frameCount = true;
    }
    return number;
  }

  /**
   * Selects meters.
   *
   * @throws DriverException of kind PROTOCOL when several have answered at once
   */
  public void select(Secondary wanted, Deadline deadline) throws DriverException {
    byte[] request = Frame.request(SND_UD, MeterAddress.SELECTED, SELECT, wanted.bytes());
    acknowledged(line.ask(request, "the selection of " + wanted, deadline));
  }

  /**
   * A meter keeps the frame count bit while it is selected, and would repeat its last telegram to
   * the same one: so it is reset behind a readout, when it answers at once, and before one only
   * when that is not known.
   */
  private void deselect(Deadline deadline) throws DriverException {
    if (reset && address instanceof Secondary) {
      byte[] request = Frame.request(SND_NKE, MeterAddress.SELECTED);
      clean = line.tell(request, "the end of the selection", deadline);
      frameCount |= clean;
    }
  }

  private void acknowledged(Frame answer) throws DriverException {
    if (!(answer instanceof Frame.Ack)) {
      throw wrong("expected E5, found a long frame");
    }
  }

  private Telegram telegram(int number, int first, Deadline deadline) throws DriverException {
    int control = REQ_UD2 | (frameCount ? FRAME_COUNT_BIT : 0);
    Frame answer = line.ask(Frame.request(control, number), "a request to " + address, deadline);
    if (!(answer instanceof Frame.Data frame)) {
      throw DriverException.refused(line.name() + ": " + address + " has no data (answers E5)");
    }
    if ((frame.control() & RSP_MASK) != RSP_UD) {
      throw wrong("expected C field 08, found %02X".formatted(frame.control()));
    }
    if (number <= 250 && frame.address() != number) {
      throw wrong("expected the address %d, found %d".formatted(number, frame.address()));
    }
    frameCount = !frameCount;
    try {
      Telegram telegram = Telegram.of(frame, first);
      Secondary found = telegram.meter();
      if (address instanceof Secondary wanted && found != null && !wanted.fits(found)) {
        throw wrong("expected " + wanted + ", found " + found);
      }
      return telegram;
    } catch (BrokenFrameException e) {
      throw DriverException.wrongAnswer(line.name() + ": " + address + ": " + e.getMessage(), e);
    }
  }

  private DriverException wrong(String message) {
    return DriverException.wrongAnswer(
        line.name() + ": wrong answer of " + address + ": " + message, null);
  }
}
