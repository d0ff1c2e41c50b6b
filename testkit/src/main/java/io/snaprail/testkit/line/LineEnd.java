package io.snaprail.testkit.line;

/** Who sends on a line. */
public enum LineEnd {
  /** What is tested: whoever opens {@link LineSimulator#port()}. */
  MASTER("master"),
  /** The units of the simulator, and whoever opens {@link LineSimulator#farPort()}. */
  FAR("far");

  private final String word;

  LineEnd(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
