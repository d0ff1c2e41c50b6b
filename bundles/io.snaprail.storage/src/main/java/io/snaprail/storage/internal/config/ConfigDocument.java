package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.json.Json;
import io.snaprail.storage.internal.json.Json.Member;
import io.snaprail.storage.internal.json.Json.Position;
import io.snaprail.storage.internal.json.JsonException;
import io.snaprail.storage.internal.json.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The text of one configuration, read: OSGi R8 configuration JSON (chapter 150.3) of a single PID.
 *
 * @param head comments before the object
 * @param entries in the order of the text
 * @param tail comments before the closing brace
 * @param foot comments after it
 */
record ConfigDocument(
    List<String> head, List<Entry> entries, List<String> tail, List<String> foot) {

  /** Largest file that is read, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  /** A configuration without properties. */
  static final ConfigDocument EMPTY =
      new ConfigDocument(List.of(), List.of(), List.of(), List.of());

  /**
   * One property.
   *
   * @param key without its suffix
   * @param suffix type that the key names; null when it names none
   * @param member as it stood in the text
   */
  record Entry(String key, @Nullable ValueType suffix, Member member) {
    /**
     * The value.
     *
     * @param declared type that the owner of the configuration declares; null when it is not known
     * @throws ConfigException when it is not of its type
     */
    Object value(@Nullable ValueType declared) throws ConfigException {
      Json json = member.value();
      try {
        ValueType type = declared != null ? declared : suffix;
        return Values.convert(json, type != null ? type : Values.naturalType(json), suffix != null);
      } catch (ConfigException e) {
        throw new ConfigException(
            e.faults().stream()
                .map(fault -> new Fault(fault.at(), "key '" + key + "': " + fault.message()))
                .toList());
      }
    }
  }

  /** Copies the lists. */
  ConfigDocument {
    head = List.copyOf(head);
    entries = List.copyOf(entries);
    tail = List.copyOf(tail);
    foot = List.copyOf(foot);
  }

  /**
   * Reads a file's content.
   *
   * @throws ConfigException when it is not UTF-8, not JSON or not a configuration
   */
  static ConfigDocument parse(byte[] content) throws ConfigException {
    if (content.length > MAX_BYTES) {
      throw new ConfigException(
          Fault.ofFile("expected at most " + MAX_BYTES + " bytes, found " + content.length));
    }
    JsonReader.Document read;
    try {
      read = JsonReader.readObject(decode(content));
    } catch (JsonException e) {
      throw new ConfigException(new Fault(e.at(), String.valueOf(e.getMessage())));
    }
    return new ConfigDocument(
        read.head(), entries(read.body().members()), read.body().tail(), read.foot());
  }

  private static String decode(byte[] content) throws ConfigException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      // The decoder stops before the first byte that is not UTF-8: count the lines up to there.
      String good = new String(content, 0, bytes.position(), StandardCharsets.UTF_8);
      int line = 1 + (int) good.chars().filter(c -> c == '\n').count();
      int column = good.length() - good.lastIndexOf('\n');
      String found = String.format("the byte 0x%02X", content[bytes.position()]);
      throw new ConfigException(
          new Fault(new Position(line, column), "expected UTF-8 text, found " + found));
    }
  }

  private static List<Entry> entries(List<Member> members) throws ConfigException {
    List<Entry> entries = new ArrayList<>();
    List<Fault> faults = new ArrayList<>();
    Map<String, Entry> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Member member : members) {
      try {
        Entry entry = entry(member);
        Entry first = seen.putIfAbsent(entry.key(), entry);
        if (first != null) {
          throw new ConfigException(duplicate(entry, first));
        }
        entries.add(entry);
      } catch (ConfigException e) {
        faults.addAll(e.faults());
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return entries;
  }

  private static Fault duplicate(Entry entry, Entry first) {
    return new Fault(
        entry.member().keyAt(),
        "expected each key once (case does not count), found '"
            + entry.key()
            + "' also in line "
            + first.member().keyAt().line());
  }

  private static Entry entry(Member member) throws ConfigException {
    String key = member.key();
    ValueType suffix = null;
    int colon = key.lastIndexOf(':');
    if (colon >= 0) {
      suffix = ValueType.parse(key.substring(colon + 1));
      if (suffix == null) {
        throw new ConfigException(
            new Fault(
                member.keyAt(),
                "expected a type such as Integer, Long, Double, Boolean or String[] after ':' in"
                    + " the key, found '"
                    + key
                    + "'"));
      }
      key = key.substring(0, colon);
    }
    if (key.isBlank()) {
      throw new ConfigException(new Fault(member.keyAt(), "expected a key, found an empty one"));
    }
    Entry entry = new Entry(key, suffix, member);
    entry.value(null);
    return entry;
  }

  /** The property of a key, whatever its case; null when there is none. */
  @Nullable Entry find(String key) {
    for (Entry entry : entries) {
      if (entry.key().equalsIgnoreCase(key)) {
        return entry;
      }
    }
    return null;
  }
}
