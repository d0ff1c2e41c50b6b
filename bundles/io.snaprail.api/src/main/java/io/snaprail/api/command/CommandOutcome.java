package io.snaprail.api.command;

/**
 * What became of a command.
 *
 * @param id the command's id
 * @param status what became of it
 * @param message for people; empty when DONE
 */
public record CommandOutcome(String id, Status status, String message) {

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
    /** The device refused it or could not be reached; it did not happen. */
    FAILED,
    /** It was sent and no valid answer came: it may or may not have happened. */
    UNKNOWN
  }
}
