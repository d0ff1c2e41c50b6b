package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.driver.DriverException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models of a device: behind the word {@code SunS} at one of three addresses follow number and
 * length of a model, its registers, those of the next, up to the number FFFF (SunSpec Information
 * Model Specification, "Modbus").
 *
 * @param base where {@code SunS} is, on the wire
 * @param models in their order
 * @param trouble why it does not end as it should; empty when it does
 */
record Chain(int base, List<Found> models, String trouble) {
  private static final int[] BASES = {40_000, 50_000, 0};
  private static final int[] SUNS = {0x5375, 0x6e53};
  private static final int END = 0xffff;
  private static final int REGISTERS = 65_536;

  /** Far more than any device has; each costs a request. */
  static final int MAX_MODELS = 100;

  Chain {
    models = List.copyOf(models);
  }

  /**
   * A model of the device.
   *
   * @param address of its number, on the wire
   * @param length as the device tells it, without number and length
   */
  record Found(int id, int address, int length) {
    int end() {
      return address + Model.HEADER + length;
    }
  }

  /**
   * Looks for the models.
   *
   * @return null when it is no SunSpec device
   * @throws DriverException when it answers at none of the addresses
   */
  static @Nullable Chain find(Registers registers) throws DriverException, InterruptedException {
    DriverException silent = null;
    int answers = 0;
    for (int base : BASES) {
      try {
        int[] words = registers.read(base, SUNS.length);
        answers++;
        if (words != null && words[0] == SUNS[0] && words[1] == SUNS[1]) {
          return new Walk(registers, base).chain();
        }
      } catch (DriverException e) {
        // Some devices are silent where they have no registers.
        silent = e;
      }
    }
    if (silent != null && answers == 0) {
      throw silent;
    }
    return null;
  }

  /** One way from model to model. It goes upwards only, so it ends. */
  private static final class Walk {
    private final Registers registers;
    private final int base;
    private final List<Found> models = new ArrayList<>();
    private int at;

    Walk(Registers registers, int base) {
      this.registers = registers;
      this.base = base;
      this.at = base + SUNS.length;
    }

    Chain chain() throws InterruptedException {
      String trouble;
      do {
        trouble = step();
      } while (trouble == null);
      return new Chain(base, models, trouble);
    }

    /** Null when it goes on, else why it does not; empty for the end. */
    private @Nullable String step() throws InterruptedException {
      if (at + Model.HEADER > REGISTERS) {
        return "the chain of models runs past register 65535 without an end";
      }
      if (models.size() == MAX_MODELS) {
        return "more than " + MAX_MODELS + " models: the rest is left out";
      }
      int[] header;
      try {
        header = registers.read(at, Model.HEADER);
      } catch (DriverException e) {
        return "the chain of models breaks off at " + Place.of(at) + ": " + e.getMessage();
      }
      if (header == null) {
        return "the chain of models breaks off at " + Place.of(at) + ", which the device refuses";
      }
      if (header[0] == END) {
        return "";
      }
      Found found = new Found(header[0], at, header[1]);
      if (found.id() == 0 || found.length() == 0 || found.end() > REGISTERS) {
        return "the chain of models is broken at "
            + Place.of(at)
            + ": found model "
            + found.id()
            + " of length "
            + found.length();
      }
      models.add(found);
      at = found.end();
      return null;
    }
  }
}
