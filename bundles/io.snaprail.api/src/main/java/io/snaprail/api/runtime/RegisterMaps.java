package io.snaprail.api.runtime;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The register maps: the gateway's own in {@code config/maps/}, which people change, and the ready
 * ones for well-known devices that are shipped, which they do not. Where both have one of the same
 * name, a device gets the gateway's own. Safe for any thread.
 */
@ProviderType
public interface RegisterMaps {
  /** Longest map, in bytes of UTF-8. */
  int MAX_BYTES = 4 << 20;

  /** Every map, by name; of two with the same name both. */
  List<MapInfo> list();

  /**
   * The text of a map.
   *
   * @param name of the file, such as {@code meter.csv}
   * @throws IOException when there is none, or it cannot be read; the message is for people
   */
  String read(String name) throws IOException;

  /**
   * The text in a file that somebody has brought: UTF-8, or UTF-16 with a byte order mark as
   * spreadsheets write it.
   *
   * @throws IOException when it is in any other encoding, in which a degree sign might become
   *     something else; the message says where and what to do
   */
  String decode(byte[] file) throws IOException;

  /** Reads a text as a map, without keeping it. Does no input or output. */
  Check check(String text);

  /**
   * Keeps a text as one of the gateway's own maps, atomically; devices that use it take it within a
   * second. What is wrong with it does not keep it from being saved: the good rows are used.
   *
   * @param name of the file: letters, digits, {@code _ - .}, ending in {@code .csv}
   * @param actor who wants it, for the audit log
   * @throws IllegalArgumentException when the name cannot be that of a map, or it is too long
   * @throws IOException when it cannot be written
   */
  Check save(String name, String text, String actor) throws IOException;

  /**
   * Deletes one of the gateway's own maps.
   *
   * @param actor who wants it, for the audit log
   * @throws IllegalStateException when devices use it and there is no ready one of the name, which
   *     they would get then; the message names them
   * @throws IOException when there is none, or it cannot be deleted
   */
  void delete(String name, String actor) throws IOException;

  /**
   * The points of a device as the text of a map, wherever they are defined: in its map, inline.
   *
   * @param device its name
   * @throws IOException when there is no such device; the message is for people
   */
  String export(String device) throws IOException;

  /**
   * A map.
   *
   * @param name of the file
   * @param title what it is for: from its comment {@code # title: ...}; may be empty
   * @param source where the addresses come from: from its comment {@code # source: ...}; may be
   *     empty
   * @param notes what to set beside it: from its comments {@code # note: ...}
   * @param ready whether it is shipped, else the gateway's own
   * @param points how many good rows it has
   * @param errors how many bad ones
   * @param usedBy names of the devices that use it
   */
  record MapInfo(
      String name,
      String title,
      String source,
      List<String> notes,
      boolean ready,
      int points,
      int errors,
      List<String> usedBy) {
    /** Copies the lists. */
    public MapInfo {
      notes = List.copyOf(notes);
      usedBy = List.copyOf(usedBy);
    }
  }

  /**
   * How a text reads as a map. What only a driver can tell, such as whether an address exists, is
   * not looked at.
   *
   * @param rows the good rows
   * @param errors what is wrong
   */
  record Check(List<Row> rows, List<RowError> errors) {
    /** Copies the lists. */
    public Check {
      rows = List.copyOf(rows);
      errors = List.copyOf(errors);
    }
  }

  /**
   * A good row.
   *
   * @param line in the text, from 1
   * @param name of the point
   * @param address in the driver's notation
   * @param type in the driver's notation
   * @param unit may be empty
   * @param description may be empty
   */
  record Row(int line, String name, String address, String type, String unit, String description) {}

  /**
   * Something wrong.
   *
   * @param line in the text, from 1; 0 for the text as a whole
   * @param column name of the column; empty for the row as a whole
   * @param message expected and found
   */
  record RowError(int line, String column, String message) {}
}
