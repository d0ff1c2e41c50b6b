package io.snaprail.console.internal.forms;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be set of a kind of device or of uplink.
 *
 * @param pid factory PID of its configurations
 * @param name of the kind
 * @param description may be empty
 * @param fields in the order of the bundle, common ones last
 */
public record ConfigForm(String pid, String name, String description, List<Field> fields) {
  /** Copies the list. */
  public ConfigForm {
    fields = List.copyOf(fields);
  }

  /** The form of a factory PID. */
  public static Optional<ConfigForm> of(String pid, List<ConfigForm> forms) {
    return forms.stream().filter(form -> form.pid().equals(pid)).findFirst();
  }

  /** What a field takes. */
  public enum Type {
    /** A text. */
    TEXT,
    /** A whole number. */
    WHOLE,
    /** Any number. */
    NUMBER,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A text that is not shown. */
    PASSWORD
  }

  /**
   * A setting.
   *
   * @param id key in the configuration
   * @param label for people
   * @param description may be empty
   * @param type what it takes
   * @param many whether it takes a list
   * @param required whether it has to be set: it has no default
   * @param common whether every device has it; never in an uplink
   * @param initial its default; empty for none
   * @param options what may be chosen; empty for anything
   * @param limits of a whole number
   */
  public record Field(
      String id,
      String label,
      String description,
      Type type,
      boolean many,
      boolean required,
      boolean common,
      List<String> initial,
      List<Option> options,
      Limits limits) {
    /** Copies the lists. */
    public Field {
      initial = List.copyOf(initial);
      options = List.copyOf(options);
    }
  }

  /**
   * One of the choices of a field.
   *
   * @param value in the configuration
   * @param label for people
   */
  public record Option(String value, String label) {}

  /**
   * Limits of a whole number.
   *
   * @param min least; null for none
   * @param max greatest; null for none
   */
  public record Limits(@Nullable Long min, @Nullable Long max) {
    /** No limits. */
    public static final Limits NONE = new Limits(null, null);
  }
}
