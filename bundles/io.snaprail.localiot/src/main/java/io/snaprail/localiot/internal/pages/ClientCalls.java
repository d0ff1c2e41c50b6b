package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import io.snaprail.localiot.internal.broker.InsideClient;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * MQTT clients of pages: each lives for as long as its page asks for messages. Clients do their
 * work on the pages' thread.
 */
final class ClientCalls {
  private static final int MAX_CLIENTS = 8;
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PartsSource parts;
  private final ScheduledExecutorService thread;
  private final Waiters waiters;
  private final Clock clock;
  private final Map<String, Open> clients = new ConcurrentHashMap<>();

  ClientCalls(PartsSource parts, ScheduledExecutorService thread, Waiters waiters, Clock clock) {
    this.parts = parts;
    this.thread = thread;
    this.waiters = waiters;
    this.clock = clock;
  }

  private static final class Open {
    final String owner;
    final InsideClient client;
    final TestClient received;
    volatile long asked = System.nanoTime();

    Open(String owner, InsideClient client, TestClient received) {
      this.owner = owner;
      this.client = client;
      this.received = received;
    }

    boolean idle() {
      return System.nanoTime() - asked > IDLE.toNanos();
    }
  }

  List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.ask("clients", Role.OPERATOR, "Connect an MQTT client", this::open),
        new ConsoleCall(
            "DELETE",
            "clients/{id}",
            Role.OPERATOR,
            false,
            "Disconnect an MQTT client",
            this::close),
        ConsoleCall.ask(
            "clients/{id}/subscribe", Role.OPERATOR, "Subscribe to a filter", this::subscribe),
        ConsoleCall.ask(
            "clients/{id}/unsubscribe", Role.OPERATOR, "End a subscription", this::unsubscribe),
        ConsoleCall.change(
            "POST", "clients/{id}/publish", Role.OPERATOR, "Publish a message", this::publish),
        ConsoleCall.read(
            "clients/{id}/messages",
            Role.OPERATOR,
            "What an MQTT client has received behind a number (query: after)",
            this::messages));
  }

  /** Ends clients whose page is gone. Runs on the pages' thread, as does the next. */
  void sweep() {
    clients
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getValue().idle();
              if (gone) {
                entry.getValue().client.close();
              }
              return gone;
            });
  }

  /** Ends all clients. */
  void closeAll() {
    clients.values().forEach(open -> open.client.close());
    clients.clear();
  }

  private ConsoleAnswer open(ConsoleRequest request) throws ConsoleException {
    Body body = Body.of(request);
    Parts present = parts.require();
    String clientId = body.text("clientId");
    int length = clientId.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > 128 || clientId.startsWith("$")) {
      throw new ConsoleException(
          422,
          "client_id",
          "A client id has 1 to 128 bytes and does not begin with '$', which is reserved.");
    }
    String certificate = body.optional("certificate");
    return onThread(() -> connect(request, present, clientId, certificate));
  }

  private ConsoleAnswer connect(
      ConsoleRequest request, Parts present, String clientId, String certificate)
      throws ConsoleException {
    sweep();
    if (clients.size() >= MAX_CLIENTS) {
      throw new ConsoleException(
          503,
          "busy",
          "Already " + MAX_CLIENTS + " test clients are connected. Disconnect one of them.");
    }
    String id = UUID.randomUUID().toString();
    TestClient received = new TestClient(clock, () -> waiters.news("client " + id));
    InsideClient client;
    if (certificate.isEmpty()) {
      client = InsideClient.free(present.broker(), clientId, thread, received);
    } else {
      DeviceCertificate chosen = present.registry().state().certificates().get(certificate);
      if (chosen == null) {
        throw new ConsoleException(
            404, "no_certificate", "There is no certificate '" + certificate + "'.");
      }
      try {
        client =
            InsideClient.as(
                Connections.of(clientId, chosen, request.origin()),
                present.broker(),
                thread,
                received);
      } catch (InsideClient.RefusedException e) {
        throw new ConsoleException(403, "refused", "Connecting is refused: " + e.getMessage());
      }
    }
    clients.put(id, new Open(request.actor(), client, received));
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("clientId", clientId);
    return ConsoleAnswer.json(201, StrictJson.write(json));
  }

  private Open find(ConsoleRequest request) throws ConsoleException {
    Open open = clients.get(request.parameter("id"));
    if (open == null || !open.owner.equals(request.actor())) {
      throw new ConsoleException(
          404, "no_client", "This test client is not connected any more. Connect again.");
    }
    open.asked = System.nanoTime();
    return open;
  }

  private ConsoleAnswer close(ConsoleRequest request) throws ConsoleException {
    Open open = find(request);
    clients.remove(request.parameter("id"));
    return onThread(
        () -> {
          open.client.close();
          return ConsoleAnswer.done();
        });
  }

  private ConsoleAnswer subscribe(ConsoleRequest request) throws ConsoleException {
    Open open = find(request);
    Body body = Body.of(request);
    String filter = body.text("filter");
    int qos = body.number("qos", 0, 1);
    return onThread(() -> done(open.client.subscribe(filter, qos)));
  }

  private ConsoleAnswer unsubscribe(ConsoleRequest request) throws ConsoleException {
    Open open = find(request);
    String filter = Body.of(request).text("filter");
    return onThread(
        () -> {
          open.client.unsubscribe(filter);
          return ConsoleAnswer.json("{}");
        });
  }

  private ConsoleAnswer publish(ConsoleRequest request) throws ConsoleException {
    Open open = find(request);
    Body body = Body.of(request);
    String topic = body.text("topic");
    byte[] payload = body.text("payload").getBytes(StandardCharsets.UTF_8);
    int qos = body.number("qos", 0, 1);
    boolean retain = body.flag("retain");
    return onThread(() -> done(open.client.publish(topic, payload, qos, retain)));
  }

  private static ConsoleAnswer done(Optional<String> fault) throws ConsoleException {
    if (fault.isPresent()) {
      String words = fault.get();
      throw new ConsoleException(
          422,
          "refused",
          words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1) + ".");
    }
    return ConsoleAnswer.json("{}");
  }

  private ConsoleAnswer messages(ConsoleRequest request) throws ConsoleException {
    Open open = find(request);
    long after = Numbers.query(request, "after");
    String id = request.parameter("id");
    Waiters.Waiter waiter = waiters.await("client " + id, () -> news(id, open, after));
    if (open.received.hasMore(after)) {
      waiter.settle();
    }
    return waiter.later();
  }

  private ConsoleAnswer news(String id, Open open, long after) {
    open.asked = System.nanoTime();
    if (open.received.over()) {
      clients.remove(id, open);
    }
    return open.received.after(after);
  }

  private ConsoleAnswer onThread(Callable<ConsoleAnswer> work) {
    CompletableFuture<ConsoleAnswer> answer = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            answer.complete(work.call());
          } catch (Exception e) { // a task begins here
            answer.completeExceptionally(e);
          }
        });
    return ConsoleAnswer.later(answer, PATIENCE);
  }
}
