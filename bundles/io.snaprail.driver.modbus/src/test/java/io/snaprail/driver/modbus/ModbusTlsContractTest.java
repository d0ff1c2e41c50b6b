package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Modbus driver keeps to the contract of every driver. */
class ModbusTlsContractTest extends DriverContract {
  @TempDir Path folder;
  private TlsBench bench;

  @BeforeEach
  void open() throws Exception {
    bench = bench();
  }

  private TlsBench bench() throws Exception {
    return bench == null ? new TlsBench(folder) : bench;
  }

  @AfterEach
  void closeBench() {
    bench.close();
  }

  @Override
  protected DeviceRig createRig() throws Exception {
    bench = bench();
    HostileModbusServer server = bench.server();
    return new ModbusRig(server, bench.device(server.port()));
  }

  /** Whoever proves himself as somebody else, or asks for another proof, shares no connection. */
  @Test
  void theBusIsNamedAfterHostPortAndWhoTalksToWhom() {
    assertThat(bench.device(802).bus()).isEqualTo("tls:127.0.0.1:802;identity=gateway;roots=plant");
    assertThat(bench.device(802, "roots", "", "server.name", "PLC1").bus())
        .isEqualTo("tls:127.0.0.1:802;identity=gateway;name=plc1");
  }
}
