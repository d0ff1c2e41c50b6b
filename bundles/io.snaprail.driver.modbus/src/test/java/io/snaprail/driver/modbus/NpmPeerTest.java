package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;

/** modbus-serial, which most gateways in JavaScript use. */
class NpmPeerTest extends PeerSuite {
  private final Driver driver = new Driver();

  @Override
  PeerServer start() throws Exception {
    return PeerServer.npm();
  }

  @Override
  Device device(PeerServer server, boolean multiple) {
    return driver.device(
        "host",
        "127.0.0.1",
        "port",
        server.port(),
        "unit",
        PeerServer.UNIT,
        "write.multiple",
        multiple);
  }

  @Override
  void stop() {
    driver.close();
  }
}
