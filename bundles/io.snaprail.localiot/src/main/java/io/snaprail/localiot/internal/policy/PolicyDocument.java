package io.snaprail.localiot.internal.policy;

import java.util.List;

/** A policy document that has been read and found right. Immutable. */
public final class PolicyDocument {
  private final String text;
  private final List<Statement> statements;

  PolicyDocument(String text, List<Statement> statements) {
    this.text = text;
    this.statements = List.copyOf(statements);
  }

  /**
   * Reads a document: {@code Version} 2012-10-17 and one or more statements with {@code Effect},
   * {@code Action} or {@code NotAction}, {@code Resource} or {@code NotResource}.
   *
   * @throws PolicyException when it cannot be taken; the message says where and why
   */
  public static PolicyDocument parse(String text) throws PolicyException {
    return PolicyParser.parse(text);
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  List<Statement> statements() {
    return statements;
  }
}
