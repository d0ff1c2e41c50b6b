package io.snaprail.driver.modbus.internal.sunspec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SunSpec model. Offsets count from the register that holds its number.
 *
 * @param id its number
 * @param word what names of its points begin with
 * @param length registers behind number and length that it has at least
 * @param open whether it may have more
 * @param title such as {@code Inverter (Three Phase)}
 * @param points those outside its group
 * @param group what repeats to its end; null when nothing does
 */
record Model(
    int id,
    String word,
    int length,
    boolean open,
    String title,
    List<Point> points,
    @Nullable Group group) {
  /** Registers of its number and its length. */
  static final int HEADER = 2;

  /** Longest model that is looked at: 100 inputs of an inverter. */
  private static final int MAX_LENGTH = 2_500;

  Model {
    points = List.copyOf(points);
  }

  /** As much of what a device says is this model as can be. */
  Chain.Found within(Chain.Found found) {
    int limit = open ? MAX_LENGTH : length;
    return new Chain.Found(found.id(), found.address(), Math.min(found.length(), limit));
  }

  /**
   * A point.
   *
   * @param type as SunSpec names it; texts as {@code string(32)}
   * @param factor offset of its scale factor; 0 for none
   */
  record Point(String name, int offset, String type, int factor, String unit, String label) {}

  /**
   * What repeats. Its scale factors are those of the model.
   *
   * @param offset of the first
   * @param length of each
   * @param points with the offsets that they have in the first
   */
  record Group(String name, int offset, int length, List<Point> points) {
    Group {
      points = List.copyOf(points);
      if (points.stream().anyMatch(point -> point.factor() >= offset)) {
        throw new IllegalArgumentException("a scale factor in the group " + name);
      }
    }
  }
}
