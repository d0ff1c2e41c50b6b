package io.snaprail.awsiot.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.deploy.DeployedBundle;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.DeploymentState.Phase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DeployBundleTest {
  private static final String SHA256 = "ab".repeat(32);
  private static final String INSTALL =
      "{\"operation\":\"install-bundle\",\"url\":\"https://a.example.com/b.jar\",\"sha256\":\""
          + SHA256
          + "\"}";

  private final List<DeploymentOrder> orders = new ArrayList<>();
  private final Deque<DeploymentState> states = new ArrayDeque<>();
  private final List<String> steps = new ArrayList<>();

  /** Gives one state after the other, once it has the order. */
  private final class FakeDeployment implements Deployment {
    @Override
    public CompletionStage<DeploymentState> submit(DeploymentOrder order) {
      orders.add(order);
      return new CompletableFuture<>();
    }

    @Override
    public Optional<DeploymentState> find(String id) {
      return orders.isEmpty()
          ? Optional.empty()
          : Optional.of(states.size() > 1 ? states.poll() : states.peek());
    }

    @Override
    public List<DeploymentState> orders() {
      return List.of();
    }

    @Override
    public List<DeployedBundle> bundles() {
      return List.of();
    }
  }

  private void state(Phase phase, String message) {
    states.add(
        new DeploymentState(
            "x", Action.INSTALL, "com.example", "1.0.0", phase, message, Instant.EPOCH));
  }

  private Map<String, String> run(Action action, String document) throws Exception {
    return new DeployBundle(FakeDeployment::new, action, "cloud")
        .run(
            new JobRun() {
              @Override
              public String id() {
                return "j1";
              }

              @Override
              public JsonObject document() {
                return JsonParser.parseString(document).getAsJsonObject();
              }

              @Override
              public Map<String, String> before() {
                return Map.of();
              }

              @Override
              public void step(String step, Map<String, String> details) {
                steps.add(step + " " + details.get("progress"));
              }
            });
  }

  @Test
  void jobIsAnOrderOfItsIdAndItsStepsAreTold() throws Exception {
    state(Phase.FETCHING, "");
    state(Phase.CHECKING, "");
    state(Phase.TRIAL, "com.example 1.0.0");
    state(Phase.DONE, "");
    assertThat(run(Action.INSTALL, INSTALL))
        .containsEntry("symbolicName", "com.example")
        .containsEntry("version", "1.0.0");
    assertThat(orders).hasSize(1);
    assertThat(orders.get(0).id()).matches("job:cloud:j1#[0-9a-f]{8}");
    assertThat(orders.get(0).sha256()).isEqualTo(SHA256);
    assertThat(steps).containsExactly("fetching ", "checking ", "trial com.example 1.0.0");
  }

  @Test
  void jobThatWasCarriedOutBeforeARestartIsNotOrderedAgain() throws Exception {
    orders.add(null);
    state(Phase.DONE, "");
    assertThat(run(Action.INSTALL, INSTALL)).containsEntry("version", "1.0.0");
    assertThat(orders).hasSize(1);
  }

  // AWS takes the id of a deleted job again, and signs a new address each time it is asked.
  @Test
  void anotherDocumentUnderTheSameIdIsAnotherOrder() throws Exception {
    state(Phase.DONE, "");
    run(Action.INSTALL, INSTALL);
    orders.add(0, null);
    String first = orders.remove(1).id();
    orders.clear();
    run(Action.INSTALL, INSTALL.replace("https://", "https://signed.anew."));
    assertThat(orders.remove(0).id()).isEqualTo(first);
    run(Action.INSTALL, INSTALL.replace(SHA256, "b".repeat(64)));
    assertThat(orders.remove(0).id()).startsWith("job:cloud:j1#").isNotEqualTo(first);
    run(Action.UPDATE, INSTALL);
    assertThat(orders.remove(0).id()).isNotEqualTo(first);
  }

  @Test
  void whatIsRefusedIsRejectedAndWhatFailsFails() {
    state(Phase.REFUSED, "the bundle is not signed");
    assertThatThrownBy(() -> run(Action.INSTALL, INSTALL))
        .isInstanceOfSatisfying(JobFailedException.class, e -> assertThat(e.rejected()).isTrue())
        .hasMessage("the bundle is not signed");
    states.clear();
    state(Phase.FAILED, "it does not start");
    assertThatThrownBy(() -> run(Action.INSTALL, INSTALL))
        .isInstanceOfSatisfying(JobFailedException.class, e -> assertThat(e.rejected()).isFalse());
  }

  @Test
  void documentThatIsNotCompleteIsRejected() {
    assertThatThrownBy(() -> run(Action.INSTALL, "{\"url\":\"https://a/b.jar\"}"))
        .isInstanceOfSatisfying(JobFailedException.class, e -> assertThat(e.rejected()).isTrue())
        .hasMessageContaining("sha256: expected 64");
    assertThatThrownBy(() -> run(Action.INSTALL, INSTALL.replace("https:", "http:")))
        .hasMessageContaining("url: expected https://");
    assertThatThrownBy(() -> run(Action.REMOVE, "{}")).hasMessageContaining("symbolicName");
    assertThat(orders).isEmpty();
  }
}
