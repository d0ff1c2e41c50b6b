package io.snaprail.api.driver;

import java.util.List;
import java.util.Objects;

/**
 * Something a driver can do for whoever sets a device up.
 *
 * @param id in lower case with hyphens, such as {@code scan-units}
 * @param title such as {@code Scan the bus for units}
 * @param description what it does, how long it takes and what it does to the device
 * @param parameters what it wants to know beside the settings of the device
 * @param columns heads of the table that it gives
 * @param access who may use it
 * @param live whether it shows what goes on until somebody ends it: only the newest rows are kept,
 *     and it ends when nobody looks at it any more
 */
public record Tool(
    String id,
    String title,
    String description,
    List<Parameter> parameters,
    List<String> columns,
    Access access,
    boolean live) {

  /** Copies the lists. */
  public Tool {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(access, "access");
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }

  /** A tool that comes to an end by itself. */
  public Tool(
      String id,
      String title,
      String description,
      List<Parameter> parameters,
      List<String> columns,
      Access access) {
    this(id, title, description, parameters, columns, access, false);
  }

  /** Who may use a tool. Every use is in the audit log. */
  public enum Access {
    /** It only reads: operators and administrators. */
    OPERATOR,
    /** It may change the device, or sends what the user has made up: administrators. */
    ADMINISTRATOR
  }

  /** What a parameter may be. */
  public enum Kind {
    /** Any text up to 4,096 characters. */
    TEXT,
    /** Any text of several lines up to 65,536 characters. */
    LINES,
    /** A whole number. */
    WHOLE,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** One of the choices. */
    CHOICE
  }

  /**
   * What a tool wants to know.
   *
   * @param id key, such as {@code first}
   * @param label such as {@code First unit}
   * @param kind what it may be
   * @param initial what it is unless it is given
   * @param min least whole number
   * @param max greatest whole number
   * @param choices of a choice; else empty
   */
  public record Parameter(
      String id,
      String label,
      Kind kind,
      String initial,
      long min,
      long max,
      List<String> choices) {
    /** Copies the list. */
    public Parameter {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(initial, "initial");
      choices = List.copyOf(choices);
    }

    /** A whole number. */
    public static Parameter whole(String id, String label, long initial, long min, long max) {
      return new Parameter(id, label, Kind.WHOLE, Long.toString(initial), min, max, List.of());
    }

    /** A text. */
    public static Parameter text(String id, String label, String initial) {
      return new Parameter(id, label, Kind.TEXT, initial, 0, 0, List.of());
    }

    /** A text of several lines. */
    public static Parameter lines(String id, String label, String initial) {
      return new Parameter(id, label, Kind.LINES, initial, 0, 0, List.of());
    }

    /** On or off. */
    public static Parameter bool(String id, String label, boolean initial) {
      return new Parameter(id, label, Kind.BOOLEAN, Boolean.toString(initial), 0, 0, List.of());
    }

    /** One of several; the first unless another is given. */
    public static Parameter choice(String id, String label, List<String> choices) {
      return new Parameter(id, label, Kind.CHOICE, choices.get(0), 0, 0, choices);
    }
  }
}
