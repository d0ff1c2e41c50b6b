package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.mqtt.internal.encoding.Names.Token;
import io.snaprail.mqtt.internal.encoding.Packer.Part;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text with names in double braces, such as
 *
 * <pre>{@code
 * {"d":{{device}},"t":{{ts.ms}},"v":{ {{#points}}"{{point}}":{{value}}{{/points}} }}
 * }</pre>
 *
 * <p>Outside of quotes a name stands for a whole JSON value, with quotes where it is a text; within
 * quotes for its characters, escaped: so nothing that a device says can change the structure. The
 * part between {@code {{#points}}} and {@code {{/points}}}, once in a template and outside of
 * quotes, comes once for each point, with commas between.
 *
 * <p>A template is tried with sample data when it is read: one that does not give JSON is refused.
 */
final class JsonTemplate {
  private static final String KEY = "payload.template";
  private static final String BEGIN = "#points";
  private static final String END = "/points";
  private static final Instant TRIAL_TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  private final List<Piece> before;
  private final List<Piece> point;
  private final List<Piece> after;

  /** Something that is written: a text, or what a field gives. */
  private record Piece(int column, String text, @Nullable Field field, boolean quoted) {}

  /** Where pieces have been written to, for messages. */
  private record Place(int position, Piece piece) {}

  /** What a name stands for. */
  private enum Field {
    DEVICE("device", false),
    BOOT("boot", false),
    SEQ("seq", false),
    TS("ts", false),
    TS_MS("ts.ms", false),
    TS_S("ts.s", false),
    TS_QUALITY("tsQuality", false),
    REPLAYED("replayed", false),
    POINT("point", true),
    VALUE("value", true),
    QUALITY("quality", true),
    REASON("reason", true);

    final String label;
    final boolean ofPoint;

    Field(String label, boolean ofPoint) {
      this.label = label;
      this.ofPoint = ofPoint;
    }

    static @Nullable Field of(String label, boolean inPoints) {
      for (Field field : values()) {
        if (field.label.equals(label) && (inPoints || !field.ofPoint)) {
          return field;
        }
      }
      return null;
    }
  }

  /**
   * Reads a template and tries it.
   *
   * @param variables more names, for the same value in every message
   * @throws IllegalArgumentException when it is wrong; the message names key, column, expected and
   *     found
   */
  JsonTemplate(String template, Map<String, String> variables) {
    Reader reader = new Reader(template, variables);
    this.before = reader.read(BEGIN);
    this.point = reader.read(END);
    this.after = reader.read("");
    for (Part part : trials()) {
      tryOut(part, template.length());
    }
  }

  /** Whether texts have a place for whether they are replayed. */
  boolean marksReplayed() {
    return Stream.of(before, point, after)
        .flatMap(List::stream)
        .anyMatch(piece -> piece.field() == Field.REPLAYED);
  }

  /** Writes one text. */
  void write(JsonBytes json, Part part) {
    write(json, part, null);
  }

  private void write(JsonBytes json, Part part, @Nullable List<Place> places) {
    Sample first = part.samples().get(0);
    write(json, before, part, first, places);
    for (int i = 0; i < part.samples().size(); i++) {
      json.raw(i == 0 ? "" : ",");
      write(json, point, part, part.samples().get(i), places);
    }
    write(json, after, part, first, places);
  }

  private static void write(
      JsonBytes json, List<Piece> pieces, Part part, Sample sample, @Nullable List<Place> places) {
    for (Piece piece : pieces) {
      if (places != null) {
        places.add(new Place(json.length(), piece));
      }
      if (piece.field() == null) {
        json.utf8(piece.text());
      } else {
        write(json, piece.field(), piece.quoted(), part, sample);
      }
    }
  }

  private static void write(JsonBytes json, Field field, boolean quoted, Part part, Sample sample) {
    switch (field) {
      case DEVICE -> text(json, part.batch().device(), quoted);
      case BOOT -> text(json, part.cycles().boot(), quoted);
      case SEQ -> json.number(part.batch().sequence());
      case TS -> time(json, sample.sourceTime(), quoted);
      case TS_MS -> json.number(sample.sourceTime().toEpochMilli());
      case TS_S -> json.number(sample.sourceTime().getEpochSecond());
      case TS_QUALITY -> text(json, part.cycles().time().name(), quoted);
      case REPLAYED -> json.raw(Unfinished.PLACE);
      case POINT -> text(json, sample.point(), quoted);
      case VALUE -> value(json, sample.value(), quoted);
      case QUALITY -> text(json, quality(sample).name(), quoted);
      case REASON -> text(json, sample.reason(), quoted);
    }
  }

  private static Quality quality(Sample sample) {
    return JsonBytes.representable(sample.value()) ? sample.quality() : Quality.BAD;
  }

  private static void text(JsonBytes json, String text, boolean quoted) {
    if (quoted) {
      json.text(text);
    } else {
      json.string(text);
    }
  }

  private static void time(JsonBytes json, Instant time, boolean quoted) {
    if (quoted) {
      json.plainTime(time);
    } else {
      json.time(time);
    }
  }

  private static void value(JsonBytes json, @Nullable Value value, boolean quoted) {
    if (quoted && value instanceof Value.Text text) {
      json.text(text.value());
    } else if (!quoted || JsonBytes.representable(value)) {
      json.valueOrNull(value);
    }
  }

  /** One point and several, with every type of value and names that need escapes. */
  private static List<Part> trials() {
    List<Sample> samples =
        List.of(
            Sample.good("a \"point\"", new Value.Int(-7), TRIAL_TIME),
            Sample.good("\\", new Value.Text("a \"text\"\n"), TRIAL_TIME),
            new Sample("c", new Value.Float64(21.5), Quality.UNCERTAIN, "\"why\"", TRIAL_TIME),
            Sample.good("d", new Value.Bool(true), TRIAL_TIME),
            Sample.bad("e", "no answer", TRIAL_TIME));
    SampleBatch batch = new SampleBatch("a \"device\"", 12, TRIAL_TIME, samples);
    Cycles cycles = Cycles.of("t", "5f3a9c", List.of(batch));
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(cycles, batch, samples, 1, 1));
    samples.forEach(sample -> parts.add(new Part(cycles, batch, List.of(sample), 1, 1)));
    // Numbers that begin with another character.
    for (Instant time : List.of(Instant.EPOCH, Instant.EPOCH.minusSeconds(5))) {
      Sample sample = Sample.good("f", new Value.Int(0), time);
      parts.add(new Part(cycles, batch, List.of(sample), 1, 1));
    }
    return parts;
  }

  private void tryOut(Part trial, int length) {
    JsonBytes json = new JsonBytes();
    List<Place> places = new ArrayList<>();
    write(json, trial, places);
    // One character a byte, so that positions are those of the bytes.
    byte[] bytes = Unfinished.filled(json.copy(), 0, false);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    JsonCheck.Mistake mistake = JsonCheck.check(text);
    if (mistake != null) {
      int at = mistake.position();
      boolean atEnd = at >= text.length();
      byte[] rest = text.substring(atEnd ? 0 : at).getBytes(StandardCharsets.ISO_8859_1);
      throw Names.wrong(
          KEY,
          atEnd ? length + 1 : column(places, at),
          "JSON, " + mistake.expected() + " here",
          atEnd ? "the end" : new String(rest, StandardCharsets.UTF_8));
    }
  }

  private static int column(List<Place> places, int position) {
    int column = 1;
    for (Place place : places) {
      if (place.position() <= position) {
        Piece piece = place.piece();
        column = piece.column() + (piece.field() == null ? position - place.position() : 0);
      }
    }
    return column;
  }

  /** Reads the three parts of a template, one after another. */
  private static final class Reader {
    private final List<Token> tokens;
    private final Map<String, String> variables;
    private final int length;
    private int next;
    private boolean inString;
    private boolean escaped;

    Reader(String template, Map<String, String> variables) {
      this.tokens = Names.split(KEY, template);
      this.length = template.length();
      this.variables = variables;
    }

    /** Reads up to a name, or up to the end. */
    List<Piece> read(String end) {
      List<Piece> pieces = new ArrayList<>();
      while (next < tokens.size()) {
        Token token = tokens.get(next++);
        if (!token.name()) {
          follow(token.text());
          pieces.add(new Piece(token.column(), token.text(), null, false));
        } else if (token.text().equals(BEGIN) || token.text().equals(END)) {
          mark(token, end);
          return pieces;
        } else {
          pieces.add(piece(token, end.equals(END)));
        }
      }
      if (!end.isEmpty()) {
        throw Names.wrong(KEY, length + 1, "{{" + end + "}}", "the end");
      }
      return pieces;
    }

    private void mark(Token token, String end) {
      if (!token.text().equals(end)) {
        String expected = end.isEmpty() ? "{{#points}} once" : "{{" + end + "}}";
        throw Names.wrong(KEY, token.column(), expected, "{{" + token.text() + "}}");
      }
      if (inString) {
        throw Names.wrong(
            KEY, token.column(), "'\"' before {{" + end + "}}", "{{" + end + "}} within quotes");
      }
    }

    private Piece piece(Token token, boolean inPoints) {
      if (escaped) {
        throw Names.wrong(KEY, token.column(), "an escape of JSON after '\\'", "{{");
      }
      Field field = Field.of(token.text(), inPoints);
      if (field != null) {
        return new Piece(token.column(), "", field, inString);
      }
      String value = variables.get(token.text());
      if (value == null) {
        throw unknown(token, inPoints);
      }
      JsonBytes json = new JsonBytes();
      text(json, value, inString);
      return new Piece(
          token.column(), new String(json.copy(), StandardCharsets.UTF_8), null, inString);
    }

    private IllegalArgumentException unknown(Token token, boolean inPoints) {
      Set<String> known = new HashSet<>(variables.keySet());
      for (Field field : Field.values()) {
        if (inPoints || !field.ofPoint) {
          known.add(field.label);
        }
      }
      return Field.of(token.text(), true) == null
          ? Names.unknown(KEY, token, known)
          : Names.wrong(
              KEY,
              token.column(),
              "{{" + token.text() + "}} between {{#points}} and {{/points}} only",
              "{{" + token.text() + "}}");
    }

    /** Keeps track of whether quotes are open. */
    private void follow(String literal) {
      for (int i = 0; i < literal.length(); i++) {
        char c = literal.charAt(i);
        if (escaped) {
          escaped = false;
        } else if (c == '\\') {
          escaped = inString;
        } else if (c == '"') {
          inString = !inString;
        }
      }
    }
  }
}
