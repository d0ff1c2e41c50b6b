package io.snaprail.localiot.internal.shadow;

import java.util.regex.Pattern;

/**
 * Which shadow.
 *
 * @param thing name of the thing, 1..128 of {@code [a-zA-Z0-9:_-]}
 * @param shadow name of the shadow, 1..64 of the same; empty for the classic one
 */
public record ShadowName(String thing, String shadow) {
  private static final Pattern THING = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern SHADOW = Pattern.compile("[a-zA-Z0-9:_-]{0,64}");

  /** The classic shadow of a thing. */
  static ShadowName classic(String thing) {
    return new ShadowName(thing, "");
  }

  /** Checks what people have typed. */
  static ShadowName of(String thing, String shadow) throws ShadowException {
    if (!THING.matcher(thing).matches()) {
      throw ShadowException.badRequest(
          "thing: expected 1..128 letters, digits, ':', '_', '-', found '" + thing + "'");
    }
    if (!SHADOW.matcher(shadow).matches()) {
      throw ShadowException.badRequest(
          "shadow: expected at most 64 letters, digits, ':', '_', '-', found '" + shadow + "'");
    }
    return new ShadowName(thing, shadow);
  }

  /** Prefix of its topics. */
  String topicPrefix() {
    String prefix = "$aws/things/" + thing + "/shadow";
    return shadow.isEmpty() ? prefix : prefix + "/name/" + shadow;
  }

  /** What error messages call it. */
  String display() {
    return shadow.isEmpty() ? thing : shadow;
  }
}
