package io.snaprail.driver.modbus.internal.tls;

import io.snaprail.api.health.Problem;
import io.snaprail.driver.modbus.internal.Refusals;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watches for writes that a device refuses because of our role: the specification has it answer
 * exception 1 then, as if it did not know the function.
 */
public final class RoleWatch implements Refusals, AutoCloseable {
  private static final int ILLEGAL_FUNCTION = 1;

  private final TlsKeys keys;
  private final String identity;
  private final String pid;
  private final AtomicBoolean reported = new AtomicBoolean();

  /**
   * Reports under the PID of a device.
   *
   * @param identity that is shown to the device
   */
  public RoleWatch(TlsKeys keys, String identity, String pid) {
    this.keys = keys;
    this.identity = identity;
    this.pid = pid;
  }

  @Override
  public String explain(int exception) {
    if (exception == 0) {
      close();
      return "";
    }
    if (exception != ILLEGAL_FUNCTION) {
      return "";
    }
    Optional<String> role = keys.role(identity);
    if (role.isPresent()) {
      return ". Over TLS this may mean that the role '" + role.get() + "' may not do it";
    }
    String why =
        "identity '"
            + identity
            + "' has no role in its certificate (extension "
            + Role.OID
            + "), which is the likely reason";
    if (reported.compareAndSet(false, true)) {
      keys.report(
          source(),
          List.of(
              new Problem(
                  Problem.Severity.WARNING,
                  pid,
                  "The device has refused what it was asked with exception 1 (illegal function): "
                      + why
                      + ". Have a certificate issued with a role that the device knows")));
    }
    return ". Over TLS: " + why;
  }

  /** Takes the warning off the board. */
  @Override
  public void close() {
    if (reported.compareAndSet(true, false)) {
      keys.report(source(), List.of());
    }
  }

  private String source() {
    return pid + "/role";
  }
}
