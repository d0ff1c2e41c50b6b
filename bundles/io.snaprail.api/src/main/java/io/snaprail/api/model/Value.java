package io.snaprail.api.model;

/**
 * The value of a point: either raw, as it travels between driver and core, or in engineering units,
 * as everyone else sees it.
 *
 * <p>Single and double precision are kept apart so that a 32-bit float prints with the digits it
 * has: 0.1 and not 0.10000000149011612.
 */
public sealed interface Value {

  /** A boolean. */
  record Bool(boolean value) implements Value {
    @Override
    public String text() {
      return Boolean.toString(value);
    }

    @Override
    public Object plain() {
      return value;
    }

    @Override
    public double number() {
      return value ? 1 : 0;
    }
  }

  /** A whole number, -2^63..2^63-1. */
  record Int(long value) implements Value {
    @Override
    public String text() {
      return Long.toString(value);
    }

    @Override
    public Object plain() {
      return value;
    }

    @Override
    public double number() {
      return value;
    }
  }

  /** An IEEE 754 single precision number. */
  record Float32(float value) implements Value {
    @Override
    public String text() {
      return Float.toString(value);
    }

    @Override
    public Object plain() {
      return value;
    }

    @Override
    public double number() {
      return value;
    }
  }

  /** An IEEE 754 double precision number. */
  record Float64(double value) implements Value {
    @Override
    public String text() {
      return Double.toString(value);
    }

    @Override
    public Object plain() {
      return value;
    }

    @Override
    public double number() {
      return value;
    }
  }

  /** A text. */
  record Text(String value) implements Value {
    @Override
    public String text() {
      return value;
    }

    @Override
    public Object plain() {
      return value;
    }

    @Override
    public double number() {
      return Double.NaN;
    }
  }

  /**
   * A text that gives the same value when parsed again; never localised. The shortest one from JDK
   * 19 on, nearly always before.
   */
  String text();

  /** The value as Boolean, Long, Float, Double or String, for encoders. */
  Object plain();

  /** The value as a number: 0 or 1 for a boolean, NaN for a text. */
  double number();
}
