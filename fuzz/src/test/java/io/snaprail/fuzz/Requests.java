package io.snaprail.fuzz;

import io.snaprail.driver.modbus.internal.j2mod.IdentificationRequest;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.j2mod.WriteRequest;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.List;

/** One request of every kind that the driver sends, small and large. */
final class Requests {
  private static final List<PduRequest> ALL =
      List.of(
          new ReadRequest(Table.HOLDING, 0x1234, 2, "read"),
          new ReadRequest(Table.HOLDING, 0, 125, "read"),
          new ReadRequest(Table.INPUT, 65_535, 1, "read"),
          new ReadRequest(Table.COIL, 7, 1, "read"),
          new ReadRequest(Table.COIL, 0, 2000, "read"),
          new ReadRequest(Table.DISCRETE, 100, 11, "read"),
          WriteRequest.coil(3, true, "write"),
          WriteRequest.register(9, 0xbeef, "write"),
          WriteRequest.coils(16, new boolean[] {true, false, true}, "write"),
          WriteRequest.registers(500, new int[] {1, 2, 65_535}, "write"),
          WriteRequest.masked(77, 0x00f0, 0x0050, "write"),
          new IdentificationRequest(0),
          new IdentificationRequest(128));

  private Requests() {}

  /** A request by any number. */
  static PduRequest of(int choice) {
    return ALL.get((choice & 0xff) % ALL.size());
  }

  static List<PduRequest> all() {
    return ALL;
  }
}
