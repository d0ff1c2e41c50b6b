package io.snaprail.console;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateExpiries;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.SecretStore;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.ext.Extension;
import io.snaprail.console.internal.ext.Extensions;
import io.snaprail.console.internal.forms.ConfigForm;
import io.snaprail.console.internal.forms.ConfigForms;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.MetaTypeService;

/** Follows the services of the gateway as they come and go; the console stays. */
@Component(service = Services.class)
public final class RuntimeServices implements Services {
  private final BundleContext context;
  private final String version;
  private final Instant startedAt;
  private final Extensions extensions = new Extensions(this::problems);

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Gateway gateway;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Commissioning commissioning;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable RegisterMaps maps;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable ConfigurationAdmin configurations;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable MetaTypeService forms;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable CommandGate commands;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable ProblemBoard problems;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Accounts accounts;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable AccessTokens tokens;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable SecretStore secrets;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable AuditLog audit;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable CertificateStore certificates;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable CertificateRotations rotations;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable CertificateExpiries expiries;

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  private volatile List<Uplink> uplinks = List.of();

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  private volatile List<MetricSource> metrics = List.of();

  /** Reads what the launcher says about the process. */
  @Activate
  public RuntimeServices(BundleContext context) {
    this.context = context;
    String told = context.getProperty(RuntimeProperties.VERSION);
    version = told == null ? context.getBundle().getVersion().toString() : told;
    startedAt = startTime(context.getProperty(RuntimeProperties.STARTED_AT));
  }

  private static Instant startTime(@Nullable String millis) {
    long virtualMachine = ManagementFactory.getRuntimeMXBean().getStartTime();
    try {
      return Instant.ofEpochMilli(millis == null ? virtualMachine : Long.parseLong(millis));
    } catch (NumberFormatException e) {
      // Nobody but the launcher sets it; the virtual machine's own start is as good.
      return Instant.ofEpochMilli(virtualMachine);
    }
  }

  @Override
  public Optional<Gateway> gateway() {
    return Optional.ofNullable(gateway);
  }

  @Override
  public Optional<Commissioning> commissioning() {
    return Optional.ofNullable(commissioning);
  }

  @Override
  public Optional<RegisterMaps> maps() {
    return Optional.ofNullable(maps);
  }

  @Override
  public Optional<ConfigurationAdmin> configurations() {
    return Optional.ofNullable(configurations);
  }

  @Override
  public List<ConfigForm> drivers() {
    MetaTypeService present = forms;
    return present == null ? List.of() : ConfigForms.devices(present, context.getBundles());
  }

  @Override
  public List<ConfigForm> uplinkKinds() {
    MetaTypeService present = forms;
    return present == null ? List.of() : ConfigForms.uplinks(present, context.getBundles());
  }

  @Override
  public Optional<CommandGate> commands() {
    return Optional.ofNullable(commands);
  }

  @Override
  public Optional<ProblemBoard> problems() {
    return Optional.ofNullable(problems);
  }

  @Override
  public Optional<Accounts> accounts() {
    return Optional.ofNullable(accounts);
  }

  @Override
  public Optional<AccessTokens> tokens() {
    return Optional.ofNullable(tokens);
  }

  @Override
  public Optional<SecretStore> secrets() {
    return Optional.ofNullable(secrets);
  }

  @Override
  public Optional<AuditLog> audit() {
    return Optional.ofNullable(audit);
  }

  @Override
  public Optional<CertificateStore> certificates() {
    return Optional.ofNullable(certificates);
  }

  @Override
  public Optional<CertificateRotations> rotations() {
    return Optional.ofNullable(rotations);
  }

  @Override
  public Optional<CertificateExpiries> expiries() {
    return Optional.ofNullable(expiries);
  }

  @Override
  public List<Uplink> uplinks() {
    return uplinks;
  }

  @Override
  public List<MetricSource> metrics() {
    return metrics;
  }

  /** An extension comes. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeExtension")
  void addExtension(ConsoleExtension extension, Map<String, Object> properties) {
    Bundle owner =
        properties.get(Constants.SERVICE_BUNDLEID) instanceof Long id
            ? context.getBundle(id)
            : null;
    extensions.add(extension, owner == null ? 0 : owner.getLastModified());
  }

  void removeExtension(ConsoleExtension extension) {
    extensions.remove(extension);
  }

  /** Takes what is wrong with extensions off the board. */
  @Deactivate
  void deactivate() {
    extensions.close();
  }

  @Override
  public List<Extension> extensions() {
    return extensions.all();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }
}
