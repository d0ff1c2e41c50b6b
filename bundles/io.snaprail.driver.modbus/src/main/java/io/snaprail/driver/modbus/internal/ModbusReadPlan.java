package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.List;

/**
 * Sends its reads one after another. An exception of the slave spoils the points of its own read
 * and no other; everything else ends the whole.
 */
record ModbusReadPlan(ModbusTransport transport, int unit, List<BlockRead> reads)
    implements ReadPlan {

  @Override
  public void read(Sink sink, Deadline deadline) throws DriverException {
    for (BlockRead read : reads) {
      byte[] answer = transport.exchange(unit, read.request(), deadline);
      int exception = AnswerCheck.exceptionCode(answer);
      if (exception == 0) {
        read.deliver(answer, sink);
        continue;
      }
      String reason = ExceptionCode.text(exception) + " from unit " + unit + " at " + read.place();
      if (ExceptionCode.unitAway(exception)) {
        // The gateway is there and the unit is not: asking it more would only hold up the bus.
        throw DriverException.noAnswer(transport.endpoint() + ": " + reason, null);
      }
      read.refuse(reason, sink);
    }
  }
}
