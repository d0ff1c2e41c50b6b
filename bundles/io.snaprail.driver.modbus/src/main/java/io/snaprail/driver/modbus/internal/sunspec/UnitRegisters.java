package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The holding registers of a unit on a transport.
 *
 * @param deadline by when a request that is sent now is answered
 */
public record UnitRegisters(ModbusTransport transport, int unit, Supplier<Deadline> deadline)
    implements Registers {
  private static final int ILLEGAL_ADDRESS = 2;
  private static final int ILLEGAL_VALUE = 3;

  @Override
  public int @Nullable [] read(int start, int count) throws DriverException {
    String operation = "read " + count + " registers from " + Place.of(start);
    ReadRequest request = new ReadRequest(Table.HOLDING, start, count, operation);
    byte[] answer = transport.exchange(unit, request, deadline.get());
    int exception = AnswerCheck.exceptionCode(answer);
    if (exception == 0) {
      return request.values(answer);
    }
    if (exception == ILLEGAL_ADDRESS || exception == ILLEGAL_VALUE) {
      return null;
    }
    String message =
        transport.endpoint()
            + " unit "
            + unit
            + ": "
            + operation
            + ": "
            + ExceptionCode.text(exception);
    throw ExceptionCode.unitAway(exception)
        ? DriverException.noAnswer(message, null)
        : DriverException.refused(message);
  }
}
