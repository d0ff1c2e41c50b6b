package io.snaprail.localiot.internal.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type of things. Cannot be changed, only deprecated.
 *
 * @param name 1..128 of {@code [a-zA-Z0-9:_-]}
 * @param description for people, at most 2,028 characters
 * @param searchable names of attributes to search by, at most 3
 * @param created when it was made
 * @param deprecated since when no thing may take it; null while things may
 */
public record ThingType(
    String name,
    String description,
    List<String> searchable,
    Instant created,
    @Nullable Instant deprecated) {

  private static final int DESCRIPTION = 2028;
  private static final int SEARCHABLE = 3;

  /** Checks names and sizes. */
  public ThingType {
    Names.require("thing type", name);
    searchable = List.copyOf(searchable);
    if (description.length() > DESCRIPTION) {
      throw new IllegalArgumentException(
          "thing type '%s': expected a description of at most %d characters, found %d"
              .formatted(name, DESCRIPTION, description.length()));
    }
    if (searchable.size() > SEARCHABLE) {
      throw new IllegalArgumentException(
          "thing type '%s': expected at most %d searchable attributes, found %d"
              .formatted(name, SEARCHABLE, searchable.size()));
    }
  }

  ThingType withDeprecated(@Nullable Instant since) {
    return new ThingType(name, description, searchable, created, since);
  }
}
