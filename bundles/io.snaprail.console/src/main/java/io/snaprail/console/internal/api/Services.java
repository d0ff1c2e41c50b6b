package io.snaprail.console.internal.api;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateExpiries;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.SecretStore;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.console.internal.ext.Extension;
import io.snaprail.console.internal.forms.ConfigForm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.service.cm.ConfigurationAdmin;

/** The rest of the gateway as the console sees it: any part of it may be away at any time. */
public interface Services {
  /** Devices and values. */
  Optional<Gateway> gateway();

  /** Tests and tools. */
  Optional<Commissioning> commissioning();

  /** Register maps. */
  Optional<RegisterMaps> maps();

  /** Configurations, which the storage keeps as files. */
  Optional<ConfigurationAdmin> configurations();

  /** Forms of the drivers that are installed, by their names. */
  List<ConfigForm> drivers();

  /** Forms of the kinds of uplinks that are installed, by their names. */
  List<ConfigForm> uplinkKinds();

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

  /** What replaces certificates. */
  Optional<CertificateRotations> rotations();

  /** When certificates end. */
  Optional<CertificateExpiries> expiries();

  /** Northbound connectors. */
  List<Uplink> uplinks();

  /** Whoever has metrics. */
  List<MetricSource> metrics();

  /** What other bundles add to the console, by their place in the menu. */
  List<Extension> extensions();

  /** Version of the distribution. */
  String version();

  /** When the process started. */
  Instant startedAt();
}
