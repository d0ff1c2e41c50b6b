package io.snaprail.api.command;

import io.snaprail.api.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command.
 *
 * @param id the command's id
 * @param status what became of it
 * @param message for people; empty when DONE, unless it was to be read back and could not be
 * @param readBack the engineering value that the point held after the write, where it was read back
 *     and could be read; else null
 */
public record CommandOutcome(String id, Status status, String message, @Nullable Value readBack) {

  /** An outcome without a value that was read back. */
  public CommandOutcome(String id, Status status, String message) {
    this(id, status, message, null);
  }

  /** What became of a command. */
  public enum Status {
    /** The device confirmed the write. */
    DONE,
    /** Refused by the gate; nothing was sent. The message says by which rule. */
    REJECTED,
    /** No such device or point; nothing was sent. */
    NOT_FOUND,
    /** Its time was over before it could be sent. */
    EXPIRED,
    /**
     * The device refused it or could not be reached, and it did not happen; or the device confirmed
     * it and yet held something else when the point was read back.
     */
    FAILED,
    /** It was sent and no valid answer came: it may or may not have happened. */
    UNKNOWN
  }
}
