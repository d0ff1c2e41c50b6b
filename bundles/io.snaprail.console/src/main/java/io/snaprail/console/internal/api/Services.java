package io.snaprail.console.internal.api;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.SecretStore;
import io.snaprail.api.uplink.Uplink;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rest of the gateway as the console sees it: any part of it may be away at any time. */
public interface Services {
  /** Devices and values. */
  Optional<Gateway> gateway();

  /** The way to write. */
  Optional<CommandGate> commands();

  /** Present problems. */
  Optional<ProblemBoard> problems();

  /** People. */
  Optional<Accounts> accounts();

  /** Scripts. */
  Optional<AccessTokens> tokens();

  /** What configurations name but do not hold. */
  Optional<SecretStore> secrets();

  /** Record of changes. */
  Optional<AuditLog> audit();

  /** Identities and roots. */
  Optional<CertificateStore> certificates();

  /** Northbound connectors. */
  List<Uplink> uplinks();

  /** Whoever has metrics. */
  List<MetricSource> metrics();

  /** Version of the distribution. */
  String version();

  /** When the process started. */
  Instant startedAt();
}
