package io.snaprail.api.command;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The only way to write to a device. Every command is checked (known point, access, type, range,
 * expiry), put before polls on its bus, carried out at most once and written to the audit log
 * before and after. If the audit log cannot be written, nothing is.
 */
@ProviderType
public interface CommandGate {
  /**
   * Takes a command. Never blocks.
   *
   * @return completes with the outcome, normally, soon after the command expires at the latest
   */
  CompletionStage<CommandOutcome> submit(WriteCommand command);
}
