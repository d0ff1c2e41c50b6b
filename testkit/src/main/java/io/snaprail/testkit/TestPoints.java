package io.snaprail.testkit;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import java.math.BigDecimal;

/** Short ways to define points in tests. */
public final class TestPoints {
  private TestPoints() {}

  /** A point that is read only, unscaled, in the driver's default order. */
  public static PointDefinition readable(String name, String address, String type) {
    return of(name, address, type, "", Access.READ);
  }

  /** A point that is read and written, unscaled, in the driver's default order. */
  public static PointDefinition writable(String name, String address, String type) {
    return of(name, address, type, "", Access.READ_WRITE);
  }

  /** An unscaled point. */
  public static PointDefinition of(
      String name, String address, String type, String order, Access access) {
    return new PointDefinition(
        name,
        address,
        type,
        order,
        BigDecimal.ONE,
        BigDecimal.ZERO,
        "",
        access,
        null,
        0,
        null,
        null,
        "",
        SourceLocation.NONE);
  }
}
