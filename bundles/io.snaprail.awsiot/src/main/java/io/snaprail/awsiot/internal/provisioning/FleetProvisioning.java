package io.snaprail.awsiot.internal.provisioning;

import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.awsiot.internal.call.Calls;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The two requests of fleet provisioning, over a session that is connected with a claim or with the
 * gateway's own certificate. AWS IoT Core developer guide, "Device provisioning MQTT API". Calls
 * wait for their answers.
 */
public final class FleetProvisioning implements AutoCloseable {
  private static final String FROM_CSR = "$aws/certificates/create-from-csr/json";
  private static final Duration CONNECT = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final Calls calls;
  private final String provision;

  /** Subscribes to the answers. */
  public FleetProvisioning(MqttSession session, String template) {
    provision = "$aws/provisioning-templates/" + template + "/provision/json";
    calls = new Calls(session, List.of(FROM_CSR, provision));
  }

  /**
   * A new certificate, not yet active.
   *
   * @param id its id at AWS
   * @param pem the certificate
   * @param ownershipToken for {@link #register}, good for an hour
   */
  public record Issued(String id, String pem, String ownershipToken) {}

  /** Waits until the session is connected and subscribed, 60 s at most. */
  public void awaitReady() throws IOException, InterruptedException {
    await(calls.ready(), CONNECT);
  }

  /** Has a signing request signed. */
  public Issued certificate(String csrPem) throws IOException, InterruptedException {
    JsonObject request = new JsonObject();
    request.addProperty("certificateSigningRequest", csrPem);
    JsonObject answer = await(calls.call(FROM_CSR, request, ANSWER), ANSWER);
    return new Issued(
        required(answer, "certificateId"),
        required(answer, "certificatePem"),
        required(answer, "certificateOwnershipToken"));
  }

  /**
   * Has the template applied: makes the thing, attaches the policy, activates the certificate.
   *
   * @return the name of the thing; empty when the template makes none
   */
  public String register(String ownershipToken, Map<String, String> parameters)
      throws IOException, InterruptedException {
    JsonObject request = new JsonObject();
    request.addProperty("certificateOwnershipToken", ownershipToken);
    JsonObject values = new JsonObject();
    parameters.forEach(values::addProperty);
    request.add("parameters", values);
    JsonObject answer = await(calls.call(provision, request, ANSWER), ANSWER);
    return JsonText.text(answer, "thingName").orElse("");
  }

  private static String required(JsonObject answer, String key) throws IOException {
    return JsonText.text(answer, key)
        .orElseThrow(() -> new IOException("expected '" + key + "' in the answer, found none"));
  }

  private static <T> T await(CompletableFuture<T> stage, Duration timeout)
      throws IOException, InterruptedException {
    try {
      // A second more: the call's own time-out is the one to be told.
      return stage.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof TimeoutException) {
        throw new IOException("no answer within " + timeout.toSeconds() + " s", e);
      }
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("no connection within " + timeout.toSeconds() + " s", e);
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
