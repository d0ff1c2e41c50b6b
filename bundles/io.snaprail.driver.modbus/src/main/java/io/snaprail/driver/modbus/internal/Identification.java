package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.j2mod.IdentificationRequest;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a unit says of itself (Modbus Application Protocol V1.1b3, section 6.21). */
public final class Identification {
  private static final String[] NAMES = {
    "vendor", "product code", "revision", "vendor's address", "product", "model", "application"
  };

  private static final int PRIVATE = 128;

  private Identification() {}

  /** Asks a unit. */
  @FunctionalInterface
  public interface Asker {
    /**
     * Sends a request once.
     *
     * @return a checked answer that is no exception
     */
    byte[] ask(PduRequest request) throws DriverException;
  }

  /**
   * Asks a unit what it is (function 43, type 14).
   *
   * @return texts by the number of their object
   * @throws DriverException what asking throws
   */
  public static SortedMap<Integer, String> read(Asker asker) throws DriverException {
    SortedMap<Integer, String> objects = new TreeMap<>();
    int next = 0;
    // An answer that does not go on upwards is refused: this ends.
    while (next >= 0) {
      IdentificationRequest request = new IdentificationRequest(next);
      byte[] answer = asker.ask(request);
      objects.putAll(request.objects(answer));
      next = request.next(answer);
    }
    return objects;
  }

  /** What an object is called. */
  public static String name(int object) {
    if (object < NAMES.length) {
      return NAMES[object];
    }
    return object < PRIVATE ? "reserved" : "of the vendor's own";
  }
}
