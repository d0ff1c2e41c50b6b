package io.snaprail.driver.sml.internal;

import io.snaprail.driver.sml.internal.Node.Items;
import io.snaprail.driver.sml.internal.Node.Octets;
import io.snaprail.driver.sml.internal.Node.Whole;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a meter tells in one file (SML 1.04, clause 5). The checksum of the file has been checked
 * before, and covers the messages; their own are left alone, as some meters get them wrong.
 *
 * @param server who the meter is, in hexadecimal; empty when it does not say
 * @param entries its values
 */
public record SmlFile(String server, List<Entry> entries) {
  private static final int LIST_RESPONSE = 0x0701;
  private static final int NAME = 6;

  /** Copies the list. */
  public SmlFile {
    entries = List.copyOf(entries);
  }

  /**
   * Decodes.
   *
   * @param file without its transport
   * @throws BadFileException when it is none
   */
  public static SmlFile of(byte[] file) throws BadFileException {
    Node.Reader reader = new Node.Reader(file);
    String server = "";
    List<Entry> entries = new ArrayList<>();
    for (reader.skipZeros(); !reader.atEnd(); reader.skipZeros()) {
      Items body = items(items(reader.next(), "a message").at(3), "the body of a message");
      if (!(body.at(0) instanceof Whole kind) || kind.value().intValue() != LIST_RESPONSE) {
        continue;
      }
      Items list = items(body.at(1), "a list response");
      if (list.at(1) instanceof Octets id) {
        server = HexFormat.of().withUpperCase().formatHex(id.bytes());
      }
      for (Node entry : items(list.at(4), "a list of values").items()) {
        add(items(entry, "a value"), entries);
      }
    }
    return new SmlFile(server, entries);
  }

  private static Items items(Node node, String what) throws BadFileException {
    if (node instanceof Items items) {
      return items;
    }
    throw new BadFileException("expected a list for " + what);
  }

  private static void add(Items entry, List<Entry> entries) throws BadFileException {
    if (!(entry.at(0) instanceof Octets name) || name.bytes().length != NAME) {
      // A name of the maker's own form.
      return;
    }
    long scaler = number(entry.at(4), 0);
    if (scaler < -20 || scaler > 20) {
      throw new BadFileException("expected a scaler -20..20, found " + scaler);
    }
    entries.add(
        new Entry(
            Obis.of(name.bytes()),
            (int) number(entry.at(3), 0),
            (int) scaler,
            entry.at(5),
            entry.at(1) instanceof Whole status ? (Long) status.value().longValue() : null));
  }

  private static long number(Node node, long otherwise) {
    return node instanceof Whole whole ? whole.value().longValue() : otherwise;
  }
}
