package io.snaprail.localiot.internal.shadow;

/**
 * Which shadow.
 *
 * @param thing name of the thing
 * @param shadow name of the shadow; empty for the classic one
 */
record ShadowName(String thing, String shadow) {
  /** The classic shadow of a thing. */
  static ShadowName classic(String thing) {
    return new ShadowName(thing, "");
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
