package io.snaprail.driver.modbus.internal;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Puts devices that cannot work as configured on the problem board, and takes them off when their
 * configuration is corrected or deleted: a device that was never made cannot do that itself. Safe
 * for any thread.
 */
@Component(service = {SettingsProblems.class, ConfigurationListener.class})
public final class SettingsProblems implements ConfigurationListener {
  private final ProblemBoard board;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /** Called by the framework. */
  @Activate
  public SettingsProblems(@Reference ProblemBoard board) {
    this.board = board;
  }

  /**
   * Reads settings; what is wrong goes to the board under the PID before it is thrown.
   *
   * @throws IllegalArgumentException when a setting is wrong
   * @throws ComponentException when a setting is not of its type
   */
  public <T> T check(String pid, Supplier<T> settings) {
    try {
      T checked = settings.get();
      clear(pid);
      return checked;
    } catch (IllegalArgumentException | ComponentException e) {
      reported.add(pid);
      String device = pid.substring(pid.indexOf('~') + 1);
      board.report(
          pid, List.of(new Problem(Problem.Severity.ERROR, device, pid + ": " + e.getMessage())));
      throw e;
    }
  }

  @Override
  public void configurationEvent(ConfigurationEvent event) {
    if (event.getType() == ConfigurationEvent.CM_DELETED) {
      clear(event.getPid());
    }
  }

  @Deactivate
  void deactivate() {
    List.copyOf(reported).forEach(this::clear);
  }

  private void clear(String pid) {
    if (reported.remove(pid)) {
      board.report(pid, List.of());
    }
  }
}
