package io.snaprail.core.internal.commissioning;

import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.registry.DeviceRegistry;
import io.snaprail.core.internal.samples.Dispatcher;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service over a driver whose work a test chooses. */
@Timeout(60)
abstract class CommissioningRig {
  static final Principal VIEWER = new Principal("vera", Role.VIEWER);
  static final Principal OPERATOR = new Principal("otto", Role.OPERATOR);
  static final Principal ADMIN = new Principal("anna", Role.ADMIN);

  @TempDir private Path config;
  final AtomicInteger inside = new AtomicInteger();
  final FakeTools tools = new FakeTools(inside);
  final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  DeviceRegistry registry;
  CommissioningService service;

  @BeforeEach
  void start() {
    registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    service = service(Duration.ofSeconds(30));
    service.bindAudit(audit::add);
  }

  CommissioningService service(Duration patience) {
    CommissioningService made =
        new CommissioningService(
            registry::points, new BusQueue(registry::onBus, patience), Clock.systemUTC());
    made.bindTools(
        tools, Map.of("service.id", 7L, "device.pids", new String[] {FakeTools.PID, "other"}));
    return made;
  }

  @AfterEach
  void stop() {
    service.stop();
    registry.stop();
  }

  Run ended(Run run) {
    await().until(() -> service.find(run.id()).orElseThrow().state() != Run.State.RUNNING);
    return service.find(run.id()).orElseThrow();
  }

  Run look(Object... keysAndValues) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.put((String) keysAndValues[i], (String) keysAndValues[i + 1]);
    }
    return service.run(FakeTools.PID, "look", Map.of(), parameters, OPERATOR);
  }

  Run test(String host, String... points) {
    return service.test(FakeTools.PID, Map.of("host", host, "points", List.of(points)), OPERATOR);
  }

  static String held(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "";
  }
}
