package io.snaprail.deploy.internal.framework;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Services;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Watches a bundle for a while after its start: it must stay, no component of it may fail, and what
 * worked before it must work again: its components, and the devices that it makes.
 */
public final class Trial {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Supplier<@Nullable ServiceComponentRuntime> components;
  private final Supplier<@Nullable Gateway> gateway;
  private final Supplier<@Nullable ProblemBoard> board;
  private final Duration length;
  private final CountDownLatch never = new CountDownLatch(1);

  /**
   * What worked.
   *
   * @param components names of those that were satisfied
   * @param devices names of those that answered
   * @param errors messages that stood on the problem board
   */
  public record Before(Set<String> components, Set<String> devices, Set<String> errors) {}

  /** Watches for a time. */
  public Trial(Services services, Duration length) {
    this.components = services.one(ServiceComponentRuntime.class);
    this.gateway = services.one(Gateway.class);
    this.board = services.one(ProblemBoard.class);
    this.length = length;
  }

  /**
   * What works now.
   *
   * @param bundle in force; null for none
   */
  public Before before(String name, @Nullable Bundle bundle) {
    return new Before(
        bundle == null ? Set.of() : satisfied(bundle), online(name), Set.copyOf(errors(c -> true)));
  }

  /**
   * Watches a bundle that was started.
   *
   * @throws DeployException as soon as it fails, or at the end when something does not work again
   */
  public void watch(Bundle bundle, Before before) throws DeployException, InterruptedException {
    long end = System.nanoTime() + length.toNanos();
    do {
      alive(bundle, before);
      never.await(Math.min(LOOK.toMillis(), length.toMillis()), TimeUnit.MILLISECONDS);
    } while (System.nanoTime() - end < 0);
    alive(bundle, before);
    missing("components", before.components(), satisfied(bundle));
    missing("devices", before.devices(), online(String.valueOf(bundle.getSymbolicName())));
  }

  private void missing(String what, Set<String> before, Set<String> now) throws DeployException {
    Set<String> gone = new TreeSet<>(before);
    gone.removeAll(now);
    if (!gone.isEmpty()) {
      throw DeployException.failed(
          "with it, these %s do not work any more within %d s: %s"
              .formatted(what, length.toSeconds(), String.join(", ", gone)));
    }
  }

  private void alive(Bundle bundle, Before before) throws DeployException {
    if (bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING) {
      throw DeployException.failed("it did not stay active");
    }
    for (ComponentConfigurationDTO one : configurations(bundle)) {
      if (one.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
        String failure = one.failure == null ? "" : one.failure.lines().findFirst().orElse("");
        throw DeployException.failed(
            "its component '" + one.description.name + "' does not activate: " + failure);
      }
    }
    List<String> names = descriptions(bundle).stream().map(one -> one.name).toList();
    for (String error : errors(source -> names.stream().anyMatch(name -> isOf(source, name)))) {
      if (!before.errors().contains(error)) {
        throw DeployException.failed("it reports: " + error);
      }
    }
  }

  /** Problems are reported under the PID of a configuration, which begins with the component's. */
  private static boolean isOf(String source, String name) {
    return source.equals(name) || source.startsWith(name + "~") || source.startsWith(name + ".");
  }

  private List<String> errors(Predicate<String> of) {
    ProblemBoard now = board.get();
    return now == null
        ? List.of()
        : now.problems().stream()
            .filter(entry -> entry.problem().severity() == Problem.Severity.ERROR)
            .filter(entry -> of.test(entry.source()))
            .map(entry -> entry.problem().message())
            .toList();
  }

  private Set<String> online(String driver) {
    Gateway now = gateway.get();
    return now == null
        ? Set.of()
        : now.devices().stream()
            .filter(device -> device.driver().equals(driver))
            .filter(device -> device.state() == DeviceStatus.State.ONLINE)
            .map(DeviceStatus::name)
            .collect(Collectors.toSet());
  }

  private Set<String> satisfied(Bundle bundle) {
    return configurations(bundle).stream()
        .filter(
            one ->
                one.state == ComponentConfigurationDTO.ACTIVE
                    || one.state == ComponentConfigurationDTO.SATISFIED)
        .map(one -> one.description.name)
        .collect(Collectors.toSet());
  }

  private List<ComponentConfigurationDTO> configurations(Bundle bundle) {
    ServiceComponentRuntime runtime = components.get();
    return runtime == null
        ? List.of()
        : descriptions(bundle).stream()
            .map(runtime::getComponentConfigurationDTOs)
            .flatMap(Collection::stream)
            .toList();
  }

  private Collection<ComponentDescriptionDTO> descriptions(Bundle bundle) {
    ServiceComponentRuntime runtime = components.get();
    return runtime == null ? List.of() : runtime.getComponentDescriptionDTOs(bundle);
  }
}
