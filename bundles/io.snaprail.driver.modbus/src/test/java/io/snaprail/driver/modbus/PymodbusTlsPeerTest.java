package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The same over TLS, with certificates on both sides that openssl has made. */
class PymodbusTlsPeerTest extends PymodbusPeerTest {
  @TempDir Path store;
  @TempDir Path files;
  private TlsBench bench;

  @Override
  List<String> arguments(String python, String script) throws Exception {
    OpenSsl openssl = new OpenSsl(files);
    openssl.issue("device", "extendedKeyUsage=serverAuth", "subjectAltName=IP:127.0.0.1");
    openssl.issue("operator", "extendedKeyUsage=clientAuth");
    bench = new TlsBench(store);
    bench.store.importIdentity("operator", openssl.identity("operator"), null);
    bench.store.importRoots("openssl", openssl.read("roots.pem"));
    return List.of(python, script, "TLS", files.toString());
  }

  @Override
  NetworkDevice connect(Driver made, int port) {
    return bench.device(port, "unit", 17, "identity", "operator", "roots", "openssl");
  }

  @Override
  ModbusTools tools(Driver made) {
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

  @AfterEach
  void closeConnections() {
    if (bench != null) {
      bench.close();
    }
  }
}
