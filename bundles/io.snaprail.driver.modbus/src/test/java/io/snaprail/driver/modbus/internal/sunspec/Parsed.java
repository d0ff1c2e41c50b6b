package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.points.RegisterMap;
import java.util.List;

/** Maps as the gateway reads them. */
final class Parsed {
  private Parsed() {}

  static List<String> errors(String map) {
    return RegisterMap.parse(map, "map").errors();
  }

  static List<PointDefinition> points(String map) {
    return RegisterMap.parse(map, "map").points();
  }

  static PointDefinition point(String map, String name) {
    return points(map).stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }
}
