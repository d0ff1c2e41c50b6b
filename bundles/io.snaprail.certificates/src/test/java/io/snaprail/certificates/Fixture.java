package io.snaprail.certificates;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.security.SecretStore;
import io.snaprail.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store in a folder, with everything around it that a test may look at. */
final class Fixture implements AutoCloseable {
  final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  final List<String> changed = new CopyOnWriteArrayList<>();
  final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();
  final MemorySecrets secrets = new MemorySecrets();

  /** The true time at first. */
  final ManualClock clock = new ManualClock(Instant.now());

  final CertificateWatch watch = new CertificateWatch();
  final Path folder;
  volatile boolean auditUnavailable;

  Fixture(Path data) {
    folder = data.resolve("certificates");
    watch.addListener(changed::add, Map.of("service.id", 1L));
    watch.bindBoard(
        new ProblemBoard() {
          @Override
          public void report(String source, List<Problem> reported) {
            problems.put(source, reported);
          }

          @Override
          public List<Entry> problems() {
            return List.of();
          }
        });
  }

  CertificateStoreComponent store() {
    return new CertificateStoreComponent(folder, secrets, this::audit, watch, clock);
  }

  CertificateAuthoritiesComponent authorities() {
    return new CertificateAuthoritiesComponent(folder, secrets, this::audit, clock);
  }

  List<Problem> problems() {
    return problems.values().stream().flatMap(List::stream).toList();
  }

  private void audit(AuditEvent event) throws AuditUnavailableException {
    if (auditUnavailable) {
      throw new AuditUnavailableException("audit.jsonl cannot be written", new IOException("full"));
    }
    audited.add(event);
  }

  @Override
  public void close() throws InterruptedException {
    watch.deactivate();
  }

  /** Secrets in memory. */
  static final class MemorySecrets implements SecretStore {
    private final Map<String, char[]> secrets = new ConcurrentHashMap<>();

    @Override
    public Optional<char[]> get(String name) {
      return Optional.ofNullable(secrets.get(name)).map(char[]::clone);
    }

    @Override
    public char[] getOrCreate(String name) {
      return secrets.computeIfAbsent(name, key -> ("random-" + key).toCharArray()).clone();
    }

    @Override
    public void put(String name, char[] secret) {
      secrets.put(name, Arrays.copyOf(secret, secret.length));
    }

    @Override
    public void remove(String name) {
      secrets.remove(name);
    }
  }
}
