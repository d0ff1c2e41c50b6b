package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.driver.modbus.TestBoard;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.component.ComponentException;

class SettingsProblemsTest {
  private static final String PID = "io.snaprail.driver.modbus.tcp~boiler";

  private final TestBoard board = new TestBoard();
  private final SettingsProblems problems = new SettingsProblems(board);

  @Test
  void aWrongSettingIsOnTheBoardUntilItIsCorrected() {
    assertThatThrownBy(() -> fail("port: expected 1..65535, found 0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(board.of(PID))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.subject()).isEqualTo("boiler");
              assertThat(problem.message()).isEqualTo(PID + ": port: expected 1..65535, found 0");
            });

    assertThat(problems.check(PID, () -> "good")).isEqualTo("good");
    assertThat(board.of(PID)).isEmpty();
  }

  @Test
  void aSettingOfTheWrongTypeIsOnTheBoardToo() {
    Supplier<String> wrong =
        () -> {
          throw new ComponentException("cannot convert 'abc' to int");
        };

    assertThatThrownBy(() -> problems.check(PID, wrong)).isInstanceOf(ComponentException.class);

    assertThat(board.of(PID)).hasSize(1);
  }

  /** The device was never made, so it cannot take its own problem off the board. */
  @Test
  void theProblemOfADeletedConfigurationIsGone() {
    assertThatThrownBy(() -> fail("wrong")).isInstanceOf(IllegalArgumentException.class);

    problems.configurationEvent(event(ConfigurationEvent.CM_UPDATED, PID));
    assertThat(board.of(PID)).hasSize(1);
    problems.configurationEvent(event(ConfigurationEvent.CM_DELETED, PID));
    assertThat(board.of(PID)).isEmpty();
  }

  @Test
  void aStoppedDriverLeavesNothingOnTheBoard() {
    assertThatThrownBy(() -> fail("wrong")).isInstanceOf(IllegalArgumentException.class);

    problems.deactivate();

    assertThat(board.of(PID)).isEmpty();
  }

  /** The board belongs to all: what others reported under the PID is not this driver's to clear. */
  @Test
  void withoutProblemsTheBoardIsLeftAlone() {
    problems.check(PID, () -> "good");
    problems.configurationEvent(event(ConfigurationEvent.CM_DELETED, PID));

    assertThat(board.calls()).isZero();
  }

  private void fail(String message) {
    problems.check(
        PID,
        () -> {
          throw new IllegalArgumentException(message);
        });
  }

  @SuppressWarnings("unchecked")
  private static ConfigurationEvent event(int type, String pid) {
    ServiceReference<ConfigurationAdmin> admin =
        (ServiceReference<ConfigurationAdmin>)
            Proxy.newProxyInstance(
                ServiceReference.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> null);
    return new ConfigurationEvent(admin, type, "io.snaprail.driver.modbus.tcp", pid);
  }
}
