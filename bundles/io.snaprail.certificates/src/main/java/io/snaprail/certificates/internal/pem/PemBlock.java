package io.snaprail.certificates.internal.pem;

import java.util.Map;

/** One block of a PEM text. */
final class PemBlock {
  private final String label;
  private final Map<String, String> headers;
  private final byte[] content;
  private final int line;

  PemBlock(String label, Map<String, String> headers, byte[] content, int line) {
    this.label = label;
    this.headers = Map.copyOf(headers);
    this.content = content.clone();
    this.line = line;
  }

  /** What stands after BEGIN. */
  String label() {
    return label;
  }

  /** Those of RFC 1421, such as {@code DEK-Info}; empty in modern files. */
  Map<String, String> headers() {
    return headers;
  }

  /** Decoded. */
  byte[] content() {
    return content.clone();
  }

  /** Line of its BEGIN, from 1. */
  int line() {
    return line;
  }

  /** Label and line only: the content may be a key. */
  @Override
  public String toString() {
    return "'" + label + "' in line " + line;
  }
}
