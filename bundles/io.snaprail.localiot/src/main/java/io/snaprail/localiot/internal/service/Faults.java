package io.snaprail.localiot.internal.service;

/** Told what people should know, and when it is over. Safe for any thread. */
@FunctionalInterface
public interface Faults {
  /** Something is wrong; replaces what was said about the same matter. */
  void report(String matter, String words);

  /** A matter is well again; for those who remember what is wrong. */
  default void resolve(String matter) {}
}
