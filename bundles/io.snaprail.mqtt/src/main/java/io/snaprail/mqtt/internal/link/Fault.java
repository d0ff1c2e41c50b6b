package io.snaprail.mqtt.internal.link;

import java.util.Objects;

/**
 * Why there is no connection.
 *
 * @param kind what sort of trouble; decides how soon the next attempt is worth it
 * @param message for people: endpoint, what happened, what to do. The same trouble gives the same
 *     text at every attempt, so that it is told once.
 */
public record Fault(Kind kind, String message) {

  /** Checks that nothing is missing. */
  public Fault {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
  }

  /** Sorts of trouble. */
  public enum Kind {
    /** The name has no address. */
    DNS(false),
    /** Nothing listens there: the machine says so, and no broker was bothered. */
    REFUSED(false),
    /** Unreachable, timed out, lost. */
    NETWORK(false),
    /** The broker took the connection and then stopped answering. */
    STALLED(false),
    /** The TLS handshake failed for a reason that stays until someone mends it. */
    TLS(true),
    /** Key, certificate, roots or password are not there. */
    CREDENTIALS(true),
    /** The broker refused the CONNECT. */
    AUTHENTICATION(true),
    /** Connected and dropped, again and again, before anything was acknowledged. */
    POLICY(true),
    /** Connected, used and dropped, again and again: someone else has the same client id. */
    DUPLICATE_ID(true),
    /** A fault of our own; logged with its trace. */
    INTERNAL(false),
    /** Not a fault: a certificate has changed and the next connection shall use it. */
    RENEW(false);

    private final boolean needsPeople;

    Kind(boolean needsPeople) {
      this.needsPeople = needsPeople;
    }

    /** Whether it will stay until someone changes something: worth a slower retry. */
    public boolean needsPeople() {
      return needsPeople;
    }
  }
}
