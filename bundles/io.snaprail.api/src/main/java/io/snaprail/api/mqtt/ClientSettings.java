package io.snaprail.api.mqtt;

import java.time.Duration;
import java.util.Objects;

/**
 * Who a gateway is to a broker, and for how long.
 *
 * @param id MQTT client id, not empty
 * @param login user and password
 * @param keepAlive 5..1200 s
 * @param cleanSession whether the broker forgets subscriptions at disconnect
 * @param presence what it says of its coming and going
 */
public record ClientSettings(
    String id, Login login, Duration keepAlive, boolean cleanSession, Presence presence) {

  /** Checks ranges; each message names the setting, the range and what was found. */
  public ClientSettings {
    Checks.require(!id.isBlank(), "client.id", "not empty", id);
    login.check("user");
    long seconds = keepAlive.toSeconds();
    Checks.require(seconds >= 5 && seconds <= 1200, "keep.alive.s", "5..1200", seconds);
    Objects.requireNonNull(presence, "presence");
  }

  /** A client without user, that leaves nothing behind and says nothing of itself. */
  public ClientSettings(String id, Duration keepAlive) {
    this(id, Login.NONE, keepAlive, true, Presence.NONE);
  }
}
