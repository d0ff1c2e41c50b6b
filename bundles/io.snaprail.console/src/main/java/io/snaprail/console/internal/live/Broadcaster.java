package io.snaprail.console.internal.live;

import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.Session;
import io.snaprail.console.internal.access.Sessions;
import io.snaprail.console.internal.api.ApiRequest;
import io.snaprail.console.internal.api.Reply;
import io.snaprail.console.internal.api.Router;
import io.snaprail.console.internal.api.Services;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends live values to open pages: one thread, {@code snaprail-live}, looks at the gateway twice a
 * second while somebody watches and sends all of them the same frame.
 */
@Component(service = Broadcaster.class)
public final class Broadcaster {
  static final int MAX_CLIENTS = 32;

  private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
  private static final Duration FRAME = Duration.ofMillis(500);

  /** Frames without anything to say before a sign of life is sent. */
  private static final int TICK_FRAMES = 8;

  /** A browser that takes nothing for so many frames has gone without saying so. */
  private static final int MAX_BEHIND_FRAMES = 60;

  private final Services services;
  private final Sessions sessions;
  private final LiveFrames frames;
  private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService executor;

  /** Those that need a snapshot before anything else; used by the thread only. */
  private final Set<LiveClient> behind = new HashSet<>();

  private int quietFrames;

  /** Made by DS. */
  @Activate
  public Broadcaster(@Reference Services services, @Reference Sessions sessions) {
    this(services, sessions, Clock.systemUTC());
    executor.scheduleWithFixedDelay(
        this::beat, FRAME.toMillis(), FRAME.toMillis(), TimeUnit.MILLISECONDS);
  }

  Broadcaster(Services services, Sessions sessions, Clock clock) {
    this.services = services;
    this.sessions = sessions;
    this.frames = new LiveFrames(services, clock);
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-live");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Ends the thread and every connection. */
  @Deactivate
  public void deactivate() throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
      LOG.warn("The thread of the live values did not end within 5 s");
    }
    clients.forEach(LiveClient::close);
    clients.clear();
  }

  /** Adds the route. */
  public void addTo(Router router) {
    router.add("GET", "/api/v1/events", Role.VIEWER, this::open);
  }

  private Reply open(ApiRequest request) throws Refusal {
    if (clients.size() >= MAX_CLIENTS) {
      throw new Refusal(
          503,
          "busy",
          "Already " + MAX_CLIENTS + " pages show live values. Close one of them.",
          Map.of("Retry-After", "10"));
    }
    BooleanSupplier allowed = permission(request);
    return (Reply.Takeover) (http, response) -> take(http, response, allowed);
  }

  /** Values flow only for as long as a new request would be let in. */
  private BooleanSupplier permission(ApiRequest request) {
    Session session = request.caller().session();
    if (session != null) {
      return () -> sessions.alive(session);
    }
    String name = request.caller().principal().name();
    AccessTokens.TokenInfo opened = token(name).orElse(null);
    return () -> opened != null && token(name).filter(now -> isSame(opened, now)).isPresent();
  }

  private Optional<AccessTokens.TokenInfo> token(String name) {
    return services.tokens().stream()
        .flatMap(tokens -> tokens.list().stream())
        .filter(token -> token.name().equals(name))
        .findFirst();
  }

  /** A token that was revoked and made again under its name is another one. */
  private static boolean isSame(AccessTokens.TokenInfo opened, AccessTokens.TokenInfo now) {
    return now.created().equals(opened.created()) && now.role() == opened.role();
  }

  private void take(
      HttpServletRequest request, HttpServletResponse response, BooleanSupplier allowed)
      throws IOException {
    response.setContentType("text/event-stream;charset=utf-8");
    response.setHeader("X-Accel-Buffering", "no");
    AsyncContext context = request.startAsync(request, response);
    context.setTimeout(0);
    LiveClient client = new LiveClient(context, allowed);
    response.getOutputStream().setWriteListener(client);
    add(client);
    executor.execute(this::beat);
  }

  /** Adds someone who has seen nothing yet. */
  void add(LiveClient client) {
    clients.add(client);
    executor.execute(() -> behind.add(client));
  }

  /** Number of open pages. */
  int clients() {
    return clients.size();
  }

  private void beat() {
    try {
      if (!clients.isEmpty()) {
        send();
      }
    } catch (RuntimeException e) { // the next beat may do better
      LOG.warn("Live values could not be sent: {}", e.toString());
    }
  }

  /** Looks at the gateway and sends what there is to send. */
  void send() {
    String frame = frames.next();
    quietFrames = frame.isEmpty() ? quietFrames + 1 : 0;
    if (quietFrames >= TICK_FRAMES) {
      quietFrames = 0;
      frame = frames.tick();
    }
    String snapshot = behind.isEmpty() ? "" : frames.snapshot();
    for (LiveClient client : clients) {
      if (!client.allowed()) {
        client.send(LiveFrames.event("bye", "{}"));
        drop(client);
      } else if (behind.contains(client)) {
        sent(client, client.send(snapshot));
      } else if (!frame.isEmpty()) {
        sent(client, client.send(frame));
      }
    }
  }

  private void sent(LiveClient client, LiveClient.Sent sent) {
    switch (sent) {
      case YES -> behind.remove(client);
      case BEHIND -> {
        behind.add(client);
        if (client.behindFrames() > MAX_BEHIND_FRAMES) {
          drop(client);
        }
      }
      case GONE -> drop(client);
    }
  }

  private void drop(LiveClient client) {
    clients.remove(client);
    behind.remove(client);
    client.close();
  }
}
