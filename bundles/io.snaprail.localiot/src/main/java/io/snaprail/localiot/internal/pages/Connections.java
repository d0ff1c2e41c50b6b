package io.snaprail.localiot.internal.pages;

import io.snaprail.localiot.internal.registry.ClientVariables;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import java.util.List;
import java.util.Map;

/** Connections as policies see them. */
final class Connections {
  private Connections() {}

  /**
   * One with a clean session and without a last will.
   *
   * @param origin address that it comes from
   */
  static ClientVariables.Connection of(
      String clientId, DeviceCertificate certificate, String origin) {
    return new ClientVariables.Connection(
        clientId,
        Pem.certificate(certificate.pem()),
        Map.of("aws:SourceIp", List.of(origin), "iot:ConnectAttributes", List.of()));
  }
}
