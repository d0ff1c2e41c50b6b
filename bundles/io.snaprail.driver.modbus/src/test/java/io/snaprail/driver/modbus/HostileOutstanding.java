package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Modbus TCP with several requests under way at once, all of one length, read without a thread. */
final class HostileOutstanding extends HostileNetwork {
  private static final int OUTSTANDING = 8;
  private static final int REGISTERS = 2;

  HostileOutstanding(HostileModbusServer server, Driver driver, Duration patience) {
    super(
        server,
        driver.device(
            "host",
            server.host(),
            "port",
            server.port(),
            "unit",
            1,
            "max.outstanding",
            OUTSTANDING,
            "max.registers",
            REGISTERS,
            "max.gap",
            0),
        driver,
        patience);
  }

  @Override
  public int longest() {
    return OUTSTANDING * REGISTERS;
  }

  @Override
  public void read(ReadPlan plan, Sink sink, Deadline deadline) throws DriverException {
    CompletableFuture<@Nullable DriverException> told = new CompletableFuture<>();
    ((AsyncReadPlan) plan)
        .read(sink, deadline, failure -> assertThat(told.complete(failure)).isTrue());
    DriverException failure;
    try {
      failure = told.get(deadline.remainingMillis() + 2000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a read did not end", e);
    }
    if (failure != null) {
      throw failure;
    }
  }
}
