package io.snaprail.api.command;

import io.snaprail.api.model.Value;
import java.time.Instant;
import java.util.Objects;

/**
 * A wish to write one point.
 *
 * @param id chosen by the sender, 1..128 characters; the same id again gives the first outcome and
 *     writes nothing
 * @param origin which door it came through, such as {@code api} or {@code shadow}
 * @param actor who sent it, as far as it is known, for the audit log
 * @param device name of the device
 * @param point name of the point
 * @param value engineering value
 * @param expiresAt after this it is not carried out any more
 * @param readBack whether to read the point back and compare, also where the device's configuration
 *     does not ask for that
 */
public record WriteCommand(
    String id,
    String origin,
    String actor,
    String device,
    String point,
    Value value,
    Instant expiresAt,
    boolean readBack) {

  /** Longest id, in characters. */
  public static final int MAX_ID_LENGTH = 128;

  /** A command that is read back if the device's configuration asks for that. */
  public WriteCommand(
      String id,
      String origin,
      String actor,
      String device,
      String point,
      Value value,
      Instant expiresAt) {
    this(id, origin, actor, device, point, value, expiresAt, false);
  }

  /** Checks the id and that nothing is missing. */
  public WriteCommand {
    if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "command id must be 1.." + MAX_ID_LENGTH + " characters, was " + id.length());
    }
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }
}
