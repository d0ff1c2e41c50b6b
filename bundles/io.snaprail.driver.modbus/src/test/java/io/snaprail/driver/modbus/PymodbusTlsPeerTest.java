package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.testkit.peer.OpenSsl;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The same over TLS, with certificates on both sides that openssl has made. */
class PymodbusTlsPeerTest extends PymodbusPeerTest {
  @TempDir Path store;
  @TempDir Path files;
  private TlsBench bench;

  @Override
  PeerServer start() throws Exception {
    OpenSsl openssl = OpenSsl.in(files).authority();
    openssl.issue("device", "extendedKeyUsage=serverAuth", "subjectAltName=IP:127.0.0.1");
    openssl.issue("operator", "extendedKeyUsage=clientAuth");
    bench = new TlsBench(store);
    bench.store.importIdentity("operator", openssl.identity("operator"), null);
    bench.store.importRoots("openssl", openssl.read("ca.pem"));
    return PeerServer.pymodbus("TLS", files.toString());
  }

  @Override
  NetworkDevice device(PeerServer server, boolean multiple) {
    return bench.device(
        server.port(),
        "unit",
        PeerServer.UNIT,
        "identity",
        "operator",
        "roots",
        "openssl",
        "write.multiple",
        multiple);
  }

  @Override
  ModbusTools tools() {
    return new ModbusTools(bench.pool, new SerialBuses(), bench.keys);
  }

  @Override
  String pid() {
    return ModbusTlsDevice.PID;
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("identity", "operator", "roots", "openssl");
  }

  @Override
  void stop() {
    super.stop();
    if (bench != null) {
      bench.close();
    }
  }
}
