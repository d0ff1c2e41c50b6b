package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.points.Scaling;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one cycle reads of one group and turns it into samples: scaled, stamped, with a
 * quality. What the driver did not deliver is BAD. Used by one thread at a time.
 *
 * <p>What is delivered is only put down, as that may be on a driver's thread, which has other
 * devices to serve; it is scaled when the samples are made.
 */
final class BatchSink implements Sink {
  private static final String NOT_DELIVERED = "the driver delivered no value for this point";

  private static final byte NOTHING = 0;
  private static final byte BOOL = 1;
  private static final byte INTEGER = 2;
  private static final byte FLOAT32 = 3;
  private static final byte FLOAT64 = 4;
  private static final byte TEXT = 5;
  private static final byte BAD = 6;

  private final String[] names;
  private final Scaling[] scalings;
  private final byte[] kinds;
  private final long[] bits;

  /** A text, or the reason of a point that is BAD. */
  private final @Nullable String[] texts;

  /** The numbers of the last cycle: what has not changed is not made again. */
  private final @Nullable Value[] values;

  private final byte[] valueKinds;
  private final long[] valueBits;
  private @Nullable Instant @Nullable [] times;

  BatchSink(List<PointDefinition> points) {
    int count = points.size();
    names = new String[count];
    scalings = new Scaling[count];
    for (int i = 0; i < count; i++) {
      names[i] = points.get(i).name();
      boolean asBefore = i > 0 && scaledAlike(points.get(i - 1), points.get(i));
      scalings[i] = asBefore ? scalings[i - 1] : new Scaling(points.get(i));
    }
    kinds = new byte[count];
    bits = new long[count];
    texts = new String[count];
    values = new Value[count];
    valueKinds = new byte[count];
    valueBits = new long[count];
  }

  private static boolean scaledAlike(PointDefinition one, PointDefinition other) {
    return one.scale().compareTo(other.scale()) == 0 && one.offset().compareTo(other.offset()) == 0;
  }

  /** Forgets the cycle before. */
  void clear() {
    Arrays.fill(kinds, NOTHING);
    Arrays.fill(texts, null);
    times = null;
  }

  @Override
  public void bool(int index, boolean raw) {
    put(index, BOOL, raw ? 1 : 0);
  }

  @Override
  public void integer(int index, long raw) {
    put(index, INTEGER, raw);
  }

  @Override
  public void float32(int index, float raw) {
    put(index, FLOAT32, Float.floatToRawIntBits(raw));
  }

  @Override
  public void float64(int index, double raw) {
    put(index, FLOAT64, Double.doubleToRawLongBits(raw));
  }

  @Override
  public void text(int index, String raw) {
    texts[index] = Objects.requireNonNull(raw, "raw");
    kinds[index] = TEXT;
  }

  @Override
  public void bad(int index, String reason) {
    texts[index] = reason.isEmpty() ? NOT_DELIVERED : reason;
    kinds[index] = BAD;
  }

  @Override
  public void sourceTime(int index, Instant time) {
    @Nullable Instant[] own = times;
    if (own == null) {
      own = new Instant[names.length];
      times = own;
    }
    own[index] = time;
  }

  private void put(int index, byte kind, long raw) {
    kinds[index] = kind;
    bits[index] = raw;
  }

  /** What was delivered for a point, as the driver sees it; null when it is BAD. */
  @Nullable Value raw(int index) {
    return switch (kinds[index]) {
      case BOOL -> new Value.Bool(bits[index] != 0);
      case INTEGER -> new Value.Int(bits[index]);
      case FLOAT32 -> new Value.Float32(Float.intBitsToFloat((int) bits[index]));
      case FLOAT64 -> new Value.Float64(Double.longBitsToDouble(bits[index]));
      case TEXT -> new Value.Text(Objects.requireNonNull(texts[index]));
      default -> null;
    };
  }

  /**
   * The samples of the cycle.
   *
   * @param otherwise why points that were not delivered are BAD; null when the driver ended well
   */
  List<Sample> samples(Instant now, @Nullable String otherwise) {
    Sample[] samples = new Sample[names.length];
    String fallback = otherwise == null ? NOT_DELIVERED : otherwise;
    @Nullable Instant[] own = times;
    for (int i = 0; i < names.length; i++) {
      Instant mine = own == null ? null : own[i];
      samples[i] = sample(i, mine == null ? now : mine, fallback);
    }
    return List.of(samples);
  }

  private Sample sample(int index, Instant time, String fallback) {
    String text = texts[index];
    byte kind = kinds[index];
    if (kind == NOTHING || kind == BAD) {
      return Sample.bad(names[index], text == null ? fallback : text, time);
    }
    if (kind == TEXT && text != null) {
      return Sample.good(names[index], new Value.Text(text), time);
    }
    Value value = number(index, kind);
    if (value instanceof Value.Int || Double.isFinite(value.number())) {
      return Sample.good(names[index], value, time);
    }
    String reason = "the device answered " + value.text() + ", which is no number";
    return Sample.bad(names[index], reason, time);
  }

  private Value number(int index, byte kind) {
    Value last = values[index];
    if (last != null && valueKinds[index] == kind && valueBits[index] == bits[index]) {
      return last;
    }
    Value value = scaled(index, kind);
    values[index] = value;
    valueKinds[index] = kind;
    valueBits[index] = bits[index];
    return value;
  }

  private Value scaled(int index, byte kind) {
    Scaling scaling = scalings[index];
    long raw = bits[index];
    return switch (kind) {
      case BOOL -> new Value.Bool(raw != 0);
      case INTEGER -> scaling.toEngineering(raw);
      case FLOAT32 -> scaling.toEngineering(Float.intBitsToFloat((int) raw));
      default -> scaling.toEngineering(Double.longBitsToDouble(raw));
    };
  }
}
