package io.snaprail.sparkplug.internal;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.command.CommandGate;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What commands need.
 *
 * @param gate may come and go
 * @param audit may come and go
 * @param longest how old a command may be; zero for any age
 */
public record CommandParts(
    Supplier<@Nullable CommandGate> gate, Supplier<@Nullable AuditLog> audit, Duration longest) {

  /** Checks the age. */
  public CommandParts {
    if (longest.isNegative() || longest.toSeconds() > 86_400) {
      throw new IllegalArgumentException(
          "commands.max.age.s: expected 0..86400, found '" + longest.toSeconds() + "'");
    }
  }
}
