package io.snaprail.console.internal.api;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.uplink.UplinkStatus;
import java.util.List;

/** How the gateway is as a whole. */
public enum Health {
  /** All is well. */
  OK,
  /** Something is not as it should be, but data flows. */
  WARNING,
  /** Something that was asked for does not work. */
  ERROR;

  /** Sums up. */
  public static Health of(
      List<ProblemBoard.Entry> problems, List<DeviceStatus> devices, List<UplinkStatus> uplinks) {
    boolean error =
        problems.stream().anyMatch(p -> p.problem().severity() == Problem.Severity.ERROR)
            || uplinks.stream().anyMatch(u -> u.state() == UplinkStatus.State.FAULT);
    if (error) {
      return ERROR;
    }
    boolean warning =
        !problems.isEmpty()
            || devices.stream().anyMatch(d -> !isWell(d.state()))
            || uplinks.stream().anyMatch(u -> u.state() != UplinkStatus.State.CONNECTED);
    return warning ? WARNING : OK;
  }

  private static boolean isWell(DeviceStatus.State state) {
    return state == DeviceStatus.State.ONLINE
        || state == DeviceStatus.State.STARTING
        || state == DeviceStatus.State.DISABLED;
  }
}
