package io.snaprail.core.internal.poller;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.points.RegisterMap;
import java.util.List;

/** Point definitions for tests. */
public final class Points {
  private Points() {}

  /** Rows of a register map. */
  public static List<PointDefinition> of(String... rows) {
    RegisterMap map = RegisterMap.inline(List.of(rows), "test", "points");
    if (!map.errors().isEmpty()) {
      throw new IllegalArgumentException(map.errors().toString());
    }
    return map.points();
  }
}
