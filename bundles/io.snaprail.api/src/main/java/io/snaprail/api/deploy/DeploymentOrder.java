package io.snaprail.api.deploy;

import java.util.Locale;
import java.util.Objects;

/**
 * An order to {@link Deployment}.
 *
 * @param id chosen by the sender, 1..128 characters
 * @param action what is to be done
 * @param symbolicName of the bundle; may be empty where the bundle itself says it (INSTALL, UPDATE)
 * @param version that the bundle must have; empty for any
 * @param url where the bundle is, for INSTALL and UPDATE: {@code https://…}, or {@code file:NAME}
 *     in the folder {@code deploy/inbox} of the data folder
 * @param sha256 of the bundle in hex, 64 characters; needed for {@code https}
 * @param actor who wants it, for the audit log
 * @param origin from where, for the audit log
 */
public record DeploymentOrder(
    String id,
    Action action,
    String symbolicName,
    String version,
    String url,
    String sha256,
    String actor,
    String origin) {

  /** What an order may ask for. */
  public enum Action {
    /** A bundle that is not there yet. */
    INSTALL,
    /** A newer version of one that is deployed, or that came with the distribution. */
    UPDATE,
    /** Takes a deployed bundle away; what came with the distribution is there again. */
    REMOVE,
    /** Goes back to the version before, or to what came with the distribution. */
    ROLL_BACK;

    /** Whether it brings a bundle. */
    public boolean brings() {
      return this == INSTALL || this == UPDATE;
    }
  }

  /** Checks what does not depend on the gateway; messages name expected and found. */
  public DeploymentOrder {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(origin, "origin");
    sha256 = sha256.toLowerCase(Locale.ROOT);
    require(!id.isBlank() && id.length() <= Deployment.MAX_ID, "id", "1..128 characters", id);
    require(
        symbolicName.isEmpty() ? action.brings() : symbolicName.matches("[A-Za-z0-9._-]{1,200}"),
        "symbolicName",
        "1..200 letters, digits, '.', '_', '-'",
        symbolicName);
    if (action.brings()) {
      require(
          url.startsWith("https://") || url.startsWith("file:"),
          "url",
          "https://… or file:NAME",
          url);
      require(
          sha256.matches("[0-9a-f]{64}") || (sha256.isEmpty() && url.startsWith("file:")),
          "sha256",
          "64 hexadecimal digits",
          sha256);
    }
  }

  private static void require(boolean valid, String key, String expected, String found) {
    if (!valid) {
      String shown = found.length() > 100 ? found.substring(0, 100) + "…" : found;
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + shown + "'");
    }
  }
}
