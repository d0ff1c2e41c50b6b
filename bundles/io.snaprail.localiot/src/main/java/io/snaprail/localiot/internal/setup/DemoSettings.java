package io.snaprail.localiot.internal.setup;

import io.snaprail.localiot.internal.registry.Thing;
import java.util.List;

/**
 * The thing that the endpoint provisions by itself, so that a gateway on the same machine can
 * connect at once.
 *
 * @param thing its name; empty for none
 * @param identity identity in the gateway's certificate store that gets its certificate
 * @param topics what it may publish, receive and subscribe to, besides its own topics under {@code
 *     $aws/things}; {@code *} and {@code ?} as in policies, {@code {{thing}}} for its name
 */
public record DemoSettings(String thing, String identity, List<String> topics) {
  /** Checks what was configured; messages name the configuration's key. */
  public DemoSettings {
    topics = List.copyOf(topics);
    if (!thing.isEmpty()) {
      if (!Thing.validName(thing)) {
        throw new IllegalArgumentException(
            "demo.thing: expected 1..128 letters, digits, ':', '_', '-', found '" + thing + "'");
      }
      if (!identity.matches("[A-Za-z0-9_.-]{1,64}")) {
        throw new IllegalArgumentException(
            "demo.identity: expected 1..64 letters, digits, '_', '-', '.', found '"
                + identity
                + "'");
      }
    }
  }

  /** Whether there is such a thing. */
  public boolean wanted() {
    return !thing.isEmpty();
  }

  /** Name of its policy. */
  String policyName() {
    return thing + "-policy";
  }
}
