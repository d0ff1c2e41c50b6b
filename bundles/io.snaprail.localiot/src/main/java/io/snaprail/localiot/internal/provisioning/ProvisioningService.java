package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.broker.TopicService;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.DeviceCertificates;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceException;
import io.snaprail.localiot.internal.service.ServiceThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fleet provisioning on its topics (developer guide, "Device provisioning MQTT API"), and templates
 * as operations for pages. Answers go to the client that has asked, over its connection, and to
 * nobody else: one of them holds a private key. Safe for any thread.
 */
public final class ProvisioningService implements TopicService {
  private static final Pattern TOPIC =
      Pattern.compile(
          "\\$aws/(certificates/create-from-csr|certificates/create"
              + "|provisioning-templates/([^/]+)/provision)/(json|cbor)");

  private final Store store;
  private final Templates templates;
  private final OwnershipTokens tokens;
  private final ServiceThread thread;
  private final Outbox outbox;
  private final RequestGate gate;

  /**
   * What it works on.
   *
   * @param registry things, certificates, policies
   * @param folder with {@code templates} and the tokens
   * @param clock for the end of tokens, which survive a restart
   * @param faults told what people should know
   */
  public record Store(Registry registry, Path folder, Clock clock, Consumer<String> faults) {}

  /**
   * Reads the tokens that are there.
   *
   * @param gate by client
   */
  public ProvisioningService(Store store, ServiceThread thread, Outbox outbox, RequestGate gate) {
    this.store = store;
    this.templates = new Templates(store.folder().resolve("templates"));
    this.tokens = open(store);
    this.thread = thread;
    this.outbox = outbox;
    this.gate = gate;
  }

  private static OwnershipTokens open(Store store) {
    Path file = store.folder().resolve("ownership-tokens.json");
    try {
      return OwnershipTokens.open(file);
    } catch (IOException e) {
      store.faults().accept(String.valueOf(e.getMessage()));
      return OwnershipTokens.empty(file);
    }
  }

  // ---- topics

  @Override
  public boolean serves(String topic) {
    return TOPIC.matcher(topic).matches();
  }

  @Override
  public void request(String clientId, String topic, byte[] payload) {
    if (!gate.enter(clientId)) {
      reject(
          clientId,
          topic,
          new ProvisioningException(429, "Throttled", "too many requests at once"));
      return;
    }
    thread.execute(
        () -> {
          try {
            outbox.answer(clientId, topic + "/accepted", perform(topic, payload));
          } catch (ProvisioningException e) {
            reject(clientId, topic, e);
          } finally {
            gate.leave(clientId);
          }
        });
  }

  private void reject(String clientId, String topic, ProvisioningException reason) {
    JsonObject document = reason.document();
    byte[] payload = topic.endsWith("/cbor") ? Cbor.map(document) : Outbox.bytes(document);
    outbox.answer(clientId, topic + "/rejected", payload);
  }

  private JsonObject perform(String topic, byte[] payload) throws ProvisioningException {
    Matcher matcher = TOPIC.matcher(topic);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a provisioning topic, found '" + topic + "'");
    }
    if (matcher.group(3).equals("cbor")) {
      throw new ProvisioningException(
          400,
          "UnsupportedPayloadFormat",
          "the local endpoint speaks JSON only: use the topic that ends with /json");
    }
    JsonObject request = object(payload);
    try {
      if (matcher.group(2) != null) {
        return register(matcher.group(2), request);
      }
      return topic.contains("/create-from-csr/") ? createFromCsr(request) : createKeys();
    } catch (RegistryException e) {
      throw ProvisioningException.registry(e);
    } catch (IOException e) {
      store.faults().accept(String.valueOf(e.getMessage()));
      throw ProvisioningException.internal(e);
    }
  }

  private JsonObject createFromCsr(JsonObject request)
      throws ProvisioningException, RegistryException, IOException {
    String csr = string(request, "certificateSigningRequest");
    if (csr.isBlank()) {
      throw new ProvisioningException(
          400, "InvalidCSR", "certificateSigningRequest: expected a request in PEM, found none");
    }
    DeviceCertificate certificate =
        store.registry().certificates().createFromCsr(csr, Status.PENDING_ACTIVATION);
    return answer(certificate);
  }

  private JsonObject createKeys() throws RegistryException, IOException {
    DeviceCertificates.Created created =
        store.registry().certificates().createKeys(Status.PENDING_ACTIVATION);
    JsonObject answer = answer(created.certificate());
    answer.addProperty("privateKey", created.privateKeyPem());
    return answer;
  }

  private JsonObject answer(DeviceCertificate certificate) throws IOException {
    JsonObject answer = new JsonObject();
    answer.addProperty("certificateId", certificate.id());
    answer.addProperty("certificatePem", certificate.pem());
    answer.addProperty("certificateOwnershipToken", tokens.issue(certificate.id(), now()));
    return answer;
  }

  private JsonObject register(String templateName, JsonObject request)
      throws ProvisioningException, RegistryException, IOException {
    String token = string(request, "certificateOwnershipToken");
    Map<String, String> parameters = parameters(request);
    Template template = templates.read(templateName);
    String id =
        tokens
            .certificate(token, now())
            .orElseThrow(
                () ->
                    ProvisioningException.token(
                        "the certificate ownership token is not known, was used or is older than an"
                            + " hour; ask for a certificate again"));
    DeviceCertificate certificate = store.registry().certificates().describe(id);
    String commonName = Certificates.commonName(Certificates.parse(certificate.pem())).orElse("");
    Map<String, String> values = template.values(parameters, Registration.given(id, commonName));
    JsonObject answer = new Registration(store.registry(), template, values, id).run();
    tokens.remove(token);
    return answer;
  }

  /** Deletes certificates that nobody has come back for. Call it now and then. */
  public void sweep() {
    thread.execute(
        () -> {
          try {
            for (String id : tokens.expire(now())) {
              deleteUnclaimed(id);
            }
          } catch (IOException e) {
            store.faults().accept(String.valueOf(e.getMessage()));
          }
        });
  }

  private void deleteUnclaimed(String id) {
    DeviceCertificate certificate = store.registry().state().certificates().get(id);
    if (certificate != null
        && certificate.status() == Status.PENDING_ACTIVATION
        && certificate.things().isEmpty()
        && certificate.policies().isEmpty()) {
      try {
        store.registry().certificates().delete(id, false);
      } catch (RegistryException e) {
        store.faults().accept("certificate " + id + " is not deleted: " + e.getMessage());
      }
    }
  }

  // ---- operations

  /** Names of the templates. */
  public List<String> templates() throws ServiceException {
    return thread.call(templates::names);
  }

  /** The text of a template. */
  public String template(String name) throws ServiceException {
    return thread.call(() -> templates.text(name));
  }

  /** Makes a template or replaces it. */
  public void putTemplate(String name, String text) throws ServiceException {
    thread.call(
        () -> {
          templates.write(name, text);
          return true;
        });
  }

  /** Deletes a template; succeeds when there is none. */
  public void deleteTemplate(String name) throws ServiceException {
    thread.call(
        () -> {
          templates.delete(name);
          return true;
        });
  }

  private long now() {
    return store.clock().instant().getEpochSecond();
  }

  private static JsonObject object(byte[] payload) throws ProvisioningException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      return text.isBlank() ? new JsonObject() : StrictJson.parseObject(text);
    } catch (CharacterCodingException e) {
      throw ProvisioningException.payload("the payload is not UTF-8");
    } catch (JsonException e) {
      throw ProvisioningException.payload(String.valueOf(e.getMessage()));
    }
  }

  private static String string(JsonObject request, String name) throws ProvisioningException {
    if (!request.has(name)) {
      throw ProvisioningException.payload(name + ": expected a string, found nothing");
    }
    try {
      return Members.string(request, name);
    } catch (JsonException e) {
      throw ProvisioningException.payload(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> parameters(JsonObject request) throws ProvisioningException {
    JsonElement found = request.get("parameters");
    Map<String, String> parameters = new HashMap<>();
    if (found == null || found.isJsonNull()) {
      return parameters;
    }
    if (!found.isJsonObject()) {
      throw ProvisioningException.payload(
          "parameters: expected an object, found " + StrictJson.kind(found));
    }
    for (Map.Entry<String, JsonElement> entry : found.getAsJsonObject().entrySet()) {
      if (!(entry.getValue() instanceof JsonPrimitive text && text.isString())) {
        throw ProvisioningException.payload(
            "parameters: expected a string for '" + entry.getKey() + "'");
      }
      parameters.put(entry.getKey(), entry.getValue().getAsString());
    }
    return parameters;
  }
}
