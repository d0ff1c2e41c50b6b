package io.snaprail.awsiot.internal.provisioning;

import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.SigningOrder;
import io.snaprail.api.mqtt.MqttSession;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has AWS sign new certificates of a gateway over its own connection: fleet provisioning with the
 * present certificate in place of a claim, so that the template attaches policy and thing to the
 * new one and activates it.
 */
public final class FleetIssuer implements CertificateIssuer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetIssuer.class);
  private static final int WAITING = 8;

  private final MqttSession session;
  private final String template;
  private final Map<String, String> parameters;
  private final ThreadPoolExecutor worker;

  /** Signs by a template with these parameters. */
  public FleetIssuer(
      String name, MqttSession session, String template, Map<String, String> parameters) {
    this.session = session;
    this.template = template;
    this.parameters = Map.copyOf(parameters);
    this.worker =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "snaprail-awsiot-" + name + "-issuer");
              thread.setDaemon(true);
              return thread;
            });
    worker.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletionStage<String> issue(SigningOrder order) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    try {
      worker.execute(() -> issue(order, answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          failure("too many signing requests wait, or the uplink is stopped", e));
    }
    return answer;
  }

  private void issue(SigningOrder order, CompletableFuture<String> answer) {
    try (FleetProvisioning fleet = new FleetProvisioning(session, template)) {
      fleet.awaitReady();
      FleetProvisioning.Issued issued = fleet.certificate(order.csr());
      fleet.register(issued.ownershipToken(), parameters);
      answer.complete(issued.pem());
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(
          failure("AWS signs no certificate for '" + order.identity() + "': " + e.getMessage(), e));
    } catch (InterruptedException e) {
      answer.completeExceptionally(failure("the uplink is stopped", e));
      Thread.currentThread().interrupt();
    }
  }

  private static CertificateStoreException failure(String words, Exception cause) {
    return new CertificateStoreException(words, cause);
  }

  // A device cannot deactivate certificates at AWS: that is for an account's own rules.
  @Override
  public CompletionStage<Void> retired(String identity, String fingerprint) {
    LOG.info(
        "certificate {} of '{}' is not used any more: deactivate it at AWS", fingerprint, identity);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
