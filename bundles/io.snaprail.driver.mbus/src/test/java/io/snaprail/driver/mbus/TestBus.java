package io.snaprail.driver.mbus;

import io.snaprail.api.serial.LineSettings;
import io.snaprail.driver.mbus.internal.link.MeterAddress.Secondary;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Meters on a bus, as EN 13757-2 describes them: each with its link's frame count bit, its
 * telegrams and its selection.
 */
final class TestBus {
  private final List<TestMeter> meters = new ArrayList<>();

  /** What happens to the next answers. */
  int lose;

  int damage;
  int requests;

  /** A meter. */
  static final class TestMeter {
    final int address;
    final int baud;
    final List<byte[]> telegrams;
    boolean selected;
    boolean ignoresReset;
    private int place;
    private int lastBit = -1;

    TestMeter(int address, int baud, List<byte[]> telegrams) {
      this.address = address;
      this.baud = baud;
      this.telegrams = telegrams;
    }

    /** The same telegram again when the bit is the same: what was sent may not have arrived. */
    byte[] request(int bit) {
      if (lastBit >= 0 && bit != lastBit) {
        place = (place + 1) % telegrams.size();
      }
      lastBit = bit;
      return telegrams.get(place).clone();
    }

    void reset() {
      place = 0;
      lastBit = -1;
    }
  }

  TestMeter add(int address, int baud, byte[]... telegrams) {
    List<byte[]> addressed = new ArrayList<>();
    for (byte[] telegram : telegrams) {
      byte[] own = telegram.clone();
      own[own.length - 2] += (byte) (address - own[5]);
      own[5] = (byte) address;
      addressed.add(own);
    }
    TestMeter meter = new TestMeter(address, baud, addressed);
    meters.add(meter);
    return meter;
  }

  byte[] answer(byte[] heard, LineSettings line) {
    requests++;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int answering = 0;
    for (TestMeter meter : meters) {
      byte[] answer = meter.baud == line.baud() ? answer(meter, heard) : new byte[0];
      answering += answer.length > 0 ? 1 : 0;
      // Two at once: their levels add up to neither.
      all.writeBytes(answering > 1 && answer.length > 1 ? new byte[] {0x00} : answer);
    }
    byte[] answer = all.toByteArray();
    if (answering > 1) {
      answer[0] = (byte) (answer[0] == (byte) 0xE5 ? 0xE5 : 0x33);
    }
    if (lose > 0 && answer.length > 0) {
      lose--;
      return new byte[0];
    }
    if (damage > 0 && answer.length > 0) {
      damage--;
      answer[answer.length / 2] ^= 0x10;
    }
    return answer;
  }

  private static byte[] answer(TestMeter meter, byte[] heard) {
    boolean selection = heard[0] == 0x68 && heard[6] == 0x52;
    if (selection) {
      byte[] wanted = java.util.Arrays.copyOfRange(heard, 7, 15);
      byte[] own = java.util.Arrays.copyOfRange(meter.telegrams.get(0), 7, 15);
      // What the meter remembers of the frame count bit outlives the selection.
      meter.selected = mask(wanted).fits(Secondary.of(own));
      return meter.selected ? new byte[] {(byte) 0xE5} : new byte[0];
    }
    int address = heard[2] & 0xff;
    boolean meant =
        address == meter.address || address == 254 || (address == 253 && meter.selected);
    if (heard[0] != 0x10 || !meant) {
      return new byte[0];
    }
    if (heard[1] == 0x40) {
      meter.selected = false;
      meter.reset();
      return meter.ignoresReset ? new byte[0] : new byte[] {(byte) 0xE5};
    }
    return meter.request(heard[1] & 0x20);
  }

  private static Secondary mask(byte[] wanted) {
    return Secondary.of(wanted);
  }
}
