package io.snaprail.localiot.internal.broker;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.Decision;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.ClientVariables;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Decides about CONNECT. */
final class Admission {
  private static final int UNACCEPTABLE_PROTOCOL = 1;
  private static final int IDENTIFIER_REJECTED = 2;

  private final BrokerContext context;

  Admission(BrokerContext context) {
    this.context = context;
  }

  /** The answer. */
  sealed interface Result {}

  /**
   * The client may come in.
   *
   * @param clientId its id, made up when it gave none
   */
  record Admitted(String clientId, Authorizer authorizer) implements Result {}

  /**
   * The client may not.
   *
   * @param code for CONNACK (MQTT 3.1.1 table 3.1); 0 for none, only the end of the connection
   * @param reason in plain words, for the log
   */
  record Refused(int code, String reason) implements Result {}

  /**
   * Decides.
   *
   * @param address the client's IP address
   */
  Result admit(MqttConnectMessage connect, X509Certificate certificate, String address) {
    MqttConnectVariableHeader header = connect.variableHeader();
    if (header.version() != MqttVersion.MQTT_3_1_1.protocolLevel()) {
      return new Refused(
          UNACCEPTABLE_PROTOCOL, "expected MQTT 3.1.1 (level 4), found level " + header.version());
    }
    String clientId = connect.payload().clientIdentifier();
    if (clientId.startsWith("$")) {
      return new Refused(IDENTIFIER_REJECTED, "client ids that begin with '$' are reserved");
    }
    if (clientId.getBytes(StandardCharsets.UTF_8).length > Quotas.CLIENT_ID_BYTES) {
      return new Refused(
          IDENTIFIER_REJECTED,
          "expected a client id of at most " + Quotas.CLIENT_ID_BYTES + " bytes");
    }
    if (clientId.isEmpty() && !header.isCleanSession()) {
      // [MQTT-3.1.3-8]
      return new Refused(IDENTIFIER_REJECTED, "a session to be kept needs a client id");
    }
    return paced(
        authorize(
            new ClientVariables.Connection(
                clientId.isEmpty() ? "$GEN/" + UUID.randomUUID() : clientId,
                certificate,
                variables(connect, address))));
  }

  /**
   * Lets nobody in too often. AWS says that such a CONNECT is throttled, not how: MQTT 3.1.1 has no
   * code for it. Who may not use the client id does not count, so that nobody keeps others out.
   */
  private Result paced(Result result) {
    return result instanceof Admitted admitted
            && context.rules().strict()
            && !context.broker().connectsInTime(admitted.clientId())
        ? new Refused(
            0,
            "client id '%s': expected at most %d CONNECT in a second; wait before the next"
                .formatted(admitted.clientId(), Quotas.CONNECTS_PER_SECOND))
        : result;
  }

  /** What CONNECT brings to conditions (developer guide, "Connect policy examples"). */
  private Map<String, List<String>> variables(MqttConnectMessage connect, String address) {
    Map<String, List<String>> variables = new HashMap<>();
    variables.put("aws:SourceIp", List.of(address));
    List<String> attributes = new ArrayList<>();
    if (!connect.variableHeader().isCleanSession()) {
      attributes.add("PersistentConnect");
    }
    String willTopic = connect.payload().willTopic();
    if (connect.variableHeader().isWillFlag() && willTopic != null) {
      attributes.add("LastWill");
      variables.put("iot:LastWillTopic", List.of(context.arns().topic(willTopic)));
    }
    variables.put("iot:ConnectAttributes", attributes);
    return variables;
  }

  /** The answer to a CONNECT that could not be decoded. */
  static Refused undecodable(Throwable cause) {
    if (cause instanceof MqttUnacceptableProtocolVersionException) {
      return new Refused(UNACCEPTABLE_PROTOCOL, "expected MQTT 3.1.1: " + cause.getMessage());
    }
    if (cause instanceof MqttIdentifierRejectedException) {
      return new Refused(IDENTIFIER_REJECTED, String.valueOf(cause.getMessage()));
    }
    return new Refused(0, "malformed packet: " + cause.getMessage());
  }

  /** Decides by the registry and its policies whether a certificate lets a client in. */
  Result authorize(ClientVariables.Connection connection) {
    String clientId = connection.clientId();
    X509Certificate certificate = connection.shown();
    String id = Certificates.id(certificate);
    DeviceCertificate known = context.registry().state().certificates().get(id);
    if (known == null) {
      context.strangers().accept(certificate);
    }
    if (known == null || known.status() != DeviceCertificate.Status.ACTIVE) {
      String found = known == null ? "not registered" : known.status().name();
      return new Refused(
          context.rules().unauthorizedCode(),
          "expected an ACTIVE certificate, found " + found + " for certificate " + id);
    }
    Authorizer authorizer = new Authorizer(context.registry(), context.arns(), id, connection);
    Decision decision = authorizer.connect();
    if (!decision.allowed()) {
      return new Refused(
          context.rules().unauthorizedCode(),
          "iot:Connect on %s with certificate %s: %s"
              .formatted(context.arns().client(clientId), id, decision.words()));
    }
    return new Admitted(clientId, authorizer);
  }
}
