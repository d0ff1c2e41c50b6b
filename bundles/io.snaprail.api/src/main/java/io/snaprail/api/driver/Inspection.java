package io.snaprail.api.driver;

import java.util.List;
import java.util.Objects;

/**
 * What a driver tells people of one device.
 *
 * @param facts what it is and how it is reached, such as what it says of itself and the form of
 *     addresses in use
 * @param figures counts and measurements since the device was configured
 * @param reads what is read together, in the order of the reads
 */
public record Inspection(List<Fact> facts, List<Figure> figures, List<Read> reads) {
  /** Copies the lists. */
  public Inspection {
    facts = List.copyOf(facts);
    figures = List.copyOf(figures);
    reads = List.copyOf(reads);
  }

  /**
   * Something that is so.
   *
   * @param label such as {@code Vendor}
   * @param text such as {@code ACME}
   */
  public record Fact(String label, String text) {
    /** Both are given. */
    public Fact {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A number.
   *
   * @param key of the number in the API, in lower case with underscores; {@code rtt_p50_ms} and
   *     {@code rtt_p99_ms} are round trips, which are metrics too
   * @param label such as {@code Round trip, 99 of 100}
   * @param value NaN when it is not known yet
   * @param unit such as {@code ms}; may be empty
   */
  public record Figure(String key, String label, double value, String unit) {
    /** All are given. */
    public Figure {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(unit, "unit");
    }
  }

  /**
   * One request that reads several points.
   *
   * @param area what the addresses count in, such as {@code holding}
   * @param start first address, as people write it for this device
   * @param count how many addresses, 1 or more
   * @param spans what is at them, in ascending order, without overlap, covering them all
   */
  public record Read(String area, int start, int count, List<Span> spans) {
    /** Copies the list. */
    public Read {
      Objects.requireNonNull(area, "area");
      spans = List.copyOf(spans);
      if (count < 1) {
        throw new IllegalArgumentException("a read of " + count + " addresses");
      }
    }
  }

  /**
   * Addresses of a read that have the same use.
   *
   * @param start first address, counted as that of the read
   * @param count how many addresses, 1 or more
   * @param use what they are for
   * @param label the points there, or why there are none; may be empty
   */
  public record Span(int start, int count, Use use, String label) {
    /** All are given. */
    public Span {
      Objects.requireNonNull(use, "use");
      Objects.requireNonNull(label, "label");
    }
  }

  /** What addresses are read for. */
  public enum Use {
    /** They hold points. */
    POINT,
    /** Read along, to spare another read. */
    HOLE,
    /** The device refuses them; left alone for now. */
    QUARANTINED
  }
}
