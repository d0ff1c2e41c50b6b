package io.snaprail.console;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateExpiries;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.LoginResult;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.api.security.SecretStore;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.ext.Extension;
import io.snaprail.console.internal.ext.Extensions;
import io.snaprail.console.internal.forms.ConfigForm;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.cm.ConfigurationAdmin;

/** A gateway that does what a test says. */
public final class FakeGateway implements Services {
  static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  static final String PASSWORD = "correct horse battery";
  static final String CLAIM_TOKEN = "claim-me";

  volatile boolean started = true;
  volatile boolean claimed = true;
  volatile boolean auditWorks = true;
  volatile Duration loginPause = Duration.ZERO;
  volatile List<PointStatus> points = List.of();
  volatile List<DeviceStatus> devices = List.of();
  volatile List<UplinkStatus> uplinks = List.of();
  volatile List<ProblemBoard.Entry> problems = List.of();
  final FakeField field = new FakeField();
  final Extensions extensions = new Extensions(this::problems);
  final FakeRotations rotations = new FakeRotations();
  volatile List<Expiry> expiries = List.of();
  volatile CertificateStore certificates;
  volatile CompletableFuture<CommandOutcome> nextOutcome;
  final List<MetricSource> metricSources = new CopyOnWriteArrayList<>();
  final List<WriteCommand> commands = new CopyOnWriteArrayList<>();
  final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  final Map<String, String> secrets = new ConcurrentHashMap<>();
  final Map<String, AccessTokens.TokenInfo> tokens = new LinkedHashMap<>();

  static PointStatus point(String device, String name, String unit, Access access, Sample sample) {
    PointDefinition definition =
        new PointDefinition(
            name,
            "holding:100",
            "int16",
            "",
            new BigDecimal("0.1"),
            BigDecimal.ZERO,
            unit,
            access,
            null,
            0,
            access.writable() ? BigDecimal.ZERO : null,
            access.writable() ? new BigDecimal("90") : null,
            "",
            SourceLocation.NONE);
    return new PointStatus(device, definition, sample, sample == null ? 0 : 7);
  }

  static PointStatus good(String device, String name, Value value) {
    return point(device, name, "°C", Access.READ_WRITE, Sample.good(name, value, T0));
  }

  static DeviceStatus device(String name, DeviceStatus.State state, String message) {
    return new DeviceStatus(
        name,
        "io.snaprail.driver.modbus",
        "io.snaprail.driver.modbus.tcp~" + name,
        "tcp:127.0.0.1:5020",
        state,
        message,
        6,
        Duration.ofSeconds(1),
        T0,
        100,
        1,
        0,
        0,
        Duration.ofMillis(3));
  }

  static UplinkStatus uplink(UplinkStatus.State state, String message) {
    return new UplinkStatus(
        "demo",
        "mqtts://127.0.0.1:8883",
        state,
        message,
        T0,
        1234,
        T0,
        new Spool.Stats(2, 512, 1 << 20, 0));
  }

  static ProblemBoard.Entry problem(Problem.Severity severity, String subject, String message) {
    return new ProblemBoard.Entry("test", new Problem(severity, subject, message), T0);
  }

  @Override
  public Optional<Gateway> gateway() {
    return started ? Optional.of(new View()) : Optional.empty();
  }

  private final class View implements Gateway {
    @Override
    public CompletionStage<List<Sample>> read(
        String device, List<String> wanted, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String bootId() {
      return "boot-1";
    }

    @Override
    public Instant startedAt() {
      return T0;
    }

    @Override
    public List<DeviceStatus> devices() {
      return devices;
    }

    @Override
    public List<BusStatus> buses() {
      return field.buses;
    }

    @Override
    public Optional<Inspection> inspect(String device) {
      return Optional.ofNullable(field.inspections.get(device));
    }

    @Override
    public List<PointStatus> points() {
      return points;
    }

    @Override
    public Optional<PointStatus> point(String device, String point) {
      return points.stream()
          .filter(p -> p.device().equals(device) && p.definition().name().equals(point))
          .findFirst();
    }
  }

  @Override
  public Optional<Commissioning> commissioning() {
    return started ? Optional.of(field.runs) : Optional.empty();
  }

  @Override
  public Optional<RegisterMaps> maps() {
    return started ? Optional.of(field.maps) : Optional.empty();
  }

  @Override
  public Optional<ConfigurationAdmin> configurations() {
    return started ? Optional.of(field.configurations) : Optional.empty();
  }

  @Override
  public List<ConfigForm> drivers() {
    return field.forms;
  }

  @Override
  public List<ConfigForm> uplinkKinds() {
    return field.uplinkForms;
  }

  @Override
  public Optional<CommandGate> commands() {
    return started ? Optional.of(this::submit) : Optional.empty();
  }

  private CompletionStage<CommandOutcome> submit(WriteCommand command) {
    commands.add(command);
    return nextOutcome != null
        ? nextOutcome
        : CompletableFuture.completedFuture(
            new CommandOutcome(command.id(), CommandOutcome.Status.DONE, ""));
  }

  @Override
  public Optional<ProblemBoard> problems() {
    return Optional.of(
        new ProblemBoard() {
          @Override
          public void report(String source, List<Problem> reported) {
            problems = reported.stream().map(p -> new Entry(source, p, T0)).toList();
          }

          @Override
          public List<Entry> problems() {
            return problems;
          }
        });
  }

  @Override
  public Optional<Accounts> accounts() {
    return Optional.of(
        new Accounts() {
          @Override
          public boolean claimed() {
            return claimed;
          }

          @Override
          public LoginResult claim(String token, String name, char[] password, String source) {
            if (!token.equals(CLAIM_TOKEN)) {
              return new LoginResult.Refused("The claim token is not right.", Duration.ZERO);
            }
            claimed = true;
            return new LoginResult.Success(new Principal(name, Role.ADMIN));
          }

          @Override
          public LoginResult login(String name, char[] password, String source) {
            if (!loginPause.isZero()) {
              return new LoginResult.Refused("Too many failed attempts.", loginPause);
            }
            if (!new String(password).equals(PASSWORD)) {
              return new LoginResult.Refused("Name or password is wrong.", Duration.ZERO);
            }
            Role role =
                name.equals("admin")
                    ? Role.ADMIN
                    : name.equals("operator") ? Role.OPERATOR : Role.VIEWER;
            return new LoginResult.Success(new Principal(name, role));
          }
        });
  }

  @Override
  public Optional<AccessTokens> tokens() {
    return Optional.of(
        new AccessTokens() {
          @Override
          public String create(String name, Role role, String creator) {
            if (tokens.containsKey(name)) {
              throw new IllegalArgumentException("there is a token '" + name + "' already");
            }
            tokens.put(name, new TokenInfo(name, role, T0, creator, null));
            return "srt_" + name;
          }

          @Override
          public Optional<Principal> verify(String token) {
            return token.startsWith("srt_")
                ? Optional.ofNullable(tokens.get(token.substring(4)))
                    .map(info -> new Principal(info.name(), info.role()))
                : Optional.empty();
          }

          @Override
          public List<TokenInfo> list() {
            return new ArrayList<>(tokens.values());
          }

          @Override
          public boolean revoke(String name, String actor) {
            return tokens.remove(name) != null;
          }
        });
  }

  @Override
  public Optional<SecretStore> secrets() {
    return Optional.of(
        new SecretStore() {
          @Override
          public Optional<char[]> get(String name) {
            return Optional.ofNullable(secrets.get(name)).map(String::toCharArray);
          }

          @Override
          public char[] getOrCreate(String name) {
            return secrets.computeIfAbsent(name, n -> "made").toCharArray();
          }

          @Override
          public void put(String name, char[] secret) {
            secrets.put(name, new String(secret));
          }

          @Override
          public void remove(String name) {
            secrets.remove(name);
          }
        });
  }

  @Override
  public Optional<AuditLog> audit() {
    return Optional.of(
        event -> {
          if (!auditWorks) {
            throw new AuditUnavailableException("audit.log is read-only", new IOException());
          }
          audited.add(event);
        });
  }

  @Override
  public Optional<CertificateStore> certificates() {
    return Optional.ofNullable(certificates);
  }

  @Override
  public Optional<CertificateRotations> rotations() {
    return Optional.of(rotations);
  }

  @Override
  public Optional<CertificateExpiries> expiries() {
    return Optional.of(() -> expiries);
  }

  @Override
  public List<Uplink> uplinks() {
    return uplinks.stream().map(status -> (Uplink) () -> status).toList();
  }

  @Override
  public List<MetricSource> metrics() {
    return metricSources;
  }

  @Override
  public List<Extension> extensions() {
    return extensions.all();
  }

  @Override
  public String version() {
    return "0.1.0-test";
  }

  @Override
  public Instant startedAt() {
    return T0;
  }
}
