package io.snaprail.sparkplug.internal.wire;

import io.snaprail.api.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metric: specification 3.0.0, 6.4.6.
 *
 * @param name empty for none
 * @param alias stands for the name after a birth; {@link #NO_ALIAS} for none
 * @param timestamp ms since 1970; negative for none
 * @param type of the value; UNKNOWN where it is not told
 * @param historical whether it is not the present value
 * @param value null where the payload says so, or holds something that a point cannot have
 * @param properties those that are numbers, booleans and texts
 */
public record Metric(
    String name,
    long alias,
    long timestamp,
    DataType type,
    boolean historical,
    @Nullable Value value,
    List<Property> properties) {

  /** No alias: the first that is given is 1. */
  public static final long NO_ALIAS = 0;

  private static final int MOST_PROPERTIES = 100;

  /** Copies the list. */
  public Metric {
    properties = List.copyOf(properties);
  }

  /** A metric with a name, as in a birth. */
  public static Metric named(String name, long timestamp, Value value) {
    return new Metric(
        name, NO_ALIAS, timestamp, DataType.of(value), /* historical= */ false, value, List.of());
  }

  void write(ProtoWriter to) {
    if (!name.isEmpty()) {
      to.string(1, name);
    }
    if (alias != NO_ALIAS) {
      to.varint(2, alias);
    }
    if (timestamp >= 0) {
      to.varint(3, timestamp);
    }
    if (type != DataType.UNKNOWN) {
      to.varint(4, type.code());
    }
    if (historical) {
      to.varint(5, 1);
    }
    if (value == null) {
      to.varint(7, 1);
    }
    if (!properties.isEmpty()) {
      ProtoWriter set = new ProtoWriter();
      properties.forEach(property -> set.string(1, property.key()));
      for (Property property : properties) {
        ProtoWriter one = new ProtoWriter();
        property.write(one);
        set.message(2, one);
      }
      to.message(9, set);
    }
    write(value, to);
  }

  private static void write(@Nullable Value value, ProtoWriter to) {
    if (value instanceof Value.Bool flag) {
      to.varint(14, flag.value() ? 1 : 0);
    } else if (value instanceof Value.Int number) {
      to.varint(11, number.value());
    } else if (value instanceof Value.Float32 number) {
      to.fixed32(12, Float.floatToIntBits(number.value()));
    } else if (value instanceof Value.Float64 number) {
      to.fixed64(13, Double.doubleToLongBits(number.value()));
    } else if (value != null) {
      to.string(15, value.text());
    }
  }

  static Metric read(ProtoReader from) {
    Builder read = new Builder();
    for (int field = from.field(); field != 0; field = from.field()) {
      read.field(field, from);
    }
    return read.metric();
  }

  /** What has been read so far: fields come in any order, and the last of each counts. */
  private static final class Builder {
    private String name = "";
    private long alias = NO_ALIAS;
    private long timestamp = -1;
    private DataType type = DataType.UNKNOWN;
    private boolean historical;
    private boolean nothing;
    private @Nullable Value value;
    private boolean narrow;
    private List<Property> properties = List.of();

    void field(int field, ProtoReader from) {
      switch (field) {
        case 1 -> name = from.string();
        case 2 -> alias = from.varint();
        case 3 -> timestamp = from.varint();
        case 4 -> type = DataType.of(from.varint());
        case 5 -> historical = from.varint() != 0;
        case 7 -> nothing = from.varint() != 0;
        case 9 -> properties = properties(from.message());
        case 10 -> whole(from.varint(), /* bits32= */ true);
        case 11 -> whole(from.varint(), /* bits32= */ false);
        case 12 -> value = new Value.Float32(Float.intBitsToFloat(from.fixed32()));
        case 13 -> value = new Value.Float64(Double.longBitsToDouble(from.fixed64()));
        case 14 -> value = new Value.Bool(from.varint() != 0);
        case 15 -> value = new Value.Text(from.string());
        default -> from.skip();
      }
    }

    private void whole(long bits, boolean bits32) {
      value = new Value.Int(bits);
      narrow = bits32;
    }

    Metric metric() {
      Value read = nothing ? null : value;
      if (read instanceof Value.Int number) {
        read = new Value.Int(signed(number.value()));
      }
      return new Metric(name, alias, timestamp, type, historical, read, properties);
    }

    /** What the bits mean: 6.4.17, where the sign is that of the type. */
    private long signed(long bits) {
      if (!narrow) {
        if (type == DataType.UINT64 && bits < 0) {
          throw new IllegalArgumentException(
              "metric '"
                  + name
                  + "': expected at most 2^63-1, found "
                  + Long.toUnsignedString(bits));
        }
        return bits;
      }
      return switch (type) {
        case INT8 -> (byte) bits;
        case INT16 -> (short) bits;
        case UINT8, UINT16, UINT32 -> bits & 0xffffffffL;
        default -> (int) bits;
      };
    }
  }

  private static List<Property> properties(ProtoReader from) {
    List<String> keys = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int field = from.field(); field != 0; field = from.field()) {
      if (field == 1 && keys.size() < MOST_PROPERTIES) {
        keys.add(from.string());
      } else if (field == 2 && values.size() < MOST_PROPERTIES) {
        values.add(property(from.message()));
      } else {
        from.skip();
      }
    }
    List<Property> read = new ArrayList<>();
    for (int i = 0; i < Math.min(keys.size(), values.size()); i++) {
      Object value = values.get(i);
      if (value != null) {
        read.add(new Property(keys.get(i), value));
      }
    }
    return read;
  }

  private static @Nullable Object property(ProtoReader from) {
    Object value = null;
    for (int field = from.field(); field != 0; field = from.field()) {
      switch (field) {
        case 3 -> value = (int) from.varint();
        case 7 -> value = from.varint() != 0;
        case 8 -> value = from.string();
        default -> from.skip();
      }
    }
    return value;
  }
}
