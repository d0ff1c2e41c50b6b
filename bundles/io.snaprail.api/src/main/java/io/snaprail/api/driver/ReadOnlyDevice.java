package io.snaprail.api.driver;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A device that nothing can be written to, such as a meter. It is registered as {@link Device}. */
@ConsumerType
public interface ReadOnlyDevice extends Device {
  @Override
  default void checkWritable(List<PointDefinition> points, PointErrors errors) {
    for (int i = 0; i < points.size(); i++) {
      errors.add(
          i,
          "access: expected r, as this device is only read; found "
              + points.get(i).access().code());
    }
  }

  @Override
  default void write(PointDefinition point, Value raw, Deadline deadline) throws DriverException {
    throw DriverException.configuration("point '" + point.name() + "': this device is only read");
  }
}
