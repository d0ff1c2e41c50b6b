package io.snaprail.deploy.internal.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.deploy.DeployedBundle;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.testkit.ConsoleExtensionContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlePagesTest extends ConsoleExtensionContract {
  @TempDir Path data;
  private final List<DeploymentOrder> orders = new ArrayList<>();
  private final CompletableFuture<DeploymentState> end = new CompletableFuture<>();

  private final Deployment deployment =
      new Deployment() {
        @Override
        public CompletionStage<DeploymentState> submit(DeploymentOrder order) {
          orders.add(order);
          return end;
        }

        @Override
        public Optional<DeploymentState> find(String id) {
          return Optional.empty();
        }

        @Override
        public List<DeploymentState> orders() {
          return List.of();
        }

        @Override
        public List<DeployedBundle> bundles() {
          return List.of();
        }
      };

  @Override
  protected ConsoleExtension extension() {
    return new BundlePages(
        deployment,
        (id, url) -> new CompletableFuture<>(),
        new BundlePages.Rules(true, List.of("com.example.*"), data, 1_000));
  }

  private String call(String path, JsonObject body) throws ConsoleException {
    for (ConsoleCall call : extension().calls()) {
      if (call.path().equals(path) && call.method().equals("POST")) {
        ConsoleAnswer answer =
            call.handler()
                .answer(
                    new ConsoleRequest(
                        Map.of(),
                        Map.of(),
                        "application/json",
                        body.toString(),
                        new Principal("ada", Role.ADMIN),
                        "ada",
                        "10.0.0.9"));
        return new String(((ConsoleAnswer.Ready) answer).body(), StandardCharsets.UTF_8);
      }
    }
    throw new AssertionError(path);
  }

  private static JsonObject piece(String name, long offset, String text) {
    JsonObject body = new JsonObject();
    body.addProperty("name", name);
    body.addProperty("offset", offset);
    body.addProperty(
        "data", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    return body;
  }

  @Test
  void uploadInPiecesIsOrderedAndThenDeleted() throws Exception {
    call("uploads", piece("b.jar", 0, "left over"));
    call("uploads", piece("b.jar", 0, "one "));
    assertThat(call("uploads", piece("b.jar", 4, "two"))).contains("\"file:upload-b.jar\"");
    Path file = data.resolve("deploy/inbox/upload-b.jar");
    assertThat(Files.readString(file)).isEqualTo("one two");
    JsonObject order = new JsonObject();
    order.addProperty("action", "INSTALL");
    order.addProperty("url", "file:upload-b.jar");
    call("orders", order);
    assertThat(orders.get(0).actor()).isEqualTo("ada");
    assertThat(file).exists();
    end.complete(null);
    assertThat(file).doesNotExist();
  }

  @Test
  void pieceThatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> call("uploads", piece("b.jar", 7, "x")))
        .hasMessageContaining("expected the piece at 0");
    assertThatThrownBy(() -> call("uploads", piece("../b.jar", 0, "x")))
        .hasMessageContaining("expected a file whose name");
    assertThatThrownBy(() -> call("uploads", piece("b.jar", 0, "x".repeat(1_001))))
        .hasMessageContaining("larger than 'max.bytes'");
    JsonObject order = new JsonObject();
    order.addProperty("action", "FORMAT");
    assertThatThrownBy(() -> call("orders", order)).hasMessageContaining("The body is not right");
    assertThat(orders).isEmpty();
  }
}
