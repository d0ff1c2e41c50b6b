package io.snaprail.core.internal.commands;

import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.CommandOutcome.Status;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.poller.Written;

/** What a write that has had its turn means to whoever commanded it. */
final class Verdicts {
  private Verdicts() {}

  /**
   * The device confirmed the write.
   *
   * @param raw what was written, as the driver saw it
   */
  static CommandOutcome confirmed(WriteCommand command, Value raw, Written written) {
    if (written instanceof Written.Same same) {
      return new CommandOutcome(command.id(), Status.DONE, "", same.value());
    }
    if (written instanceof Written.Different different) {
      String message =
          "the device confirmed it but does not hold it: wrote "
              + shown(command.value(), raw)
              + ", read back "
              + shown(different.value(), different.raw());
      return new CommandOutcome(command.id(), Status.FAILED, message, different.value());
    }
    // The device has confirmed it, and nothing speaks against it.
    String message =
        written instanceof Written.NotRead unread
            ? "the device confirmed it, but it could not be read back: " + unread.reason()
            : "";
    return new CommandOutcome(command.id(), Status.DONE, message);
  }

  private static String shown(Value value, Value raw) {
    return value.text().equals(raw.text())
        ? value.text()
        : value.text() + " (raw " + raw.text() + ")";
  }

  /** The device did not confirm the write. */
  static CommandOutcome failed(WriteCommand command, Throwable failure) {
    return failure instanceof DriverException fault
        ? new CommandOutcome(command.id(), statusOf(fault), String.valueOf(fault.getMessage()))
        : new CommandOutcome(command.id(), Status.UNKNOWN, failure.toString());
  }

  private static Status statusOf(DriverException fault) {
    return switch (fault.kind()) {
      case CONFIGURATION -> Status.REJECTED;
      case DEVICE -> Status.FAILED;
      default -> fault.sent() ? Status.UNKNOWN : Status.FAILED;
    };
  }
}
