package io.snaprail.api.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The running gateway: its devices and current values. Safe for any thread; never blocks. */
@ProviderType
public interface Gateway {
  /** Random for each start of the process; with a batch's sequence it identifies a sample. */
  String bootId();

  /** When the process started, by the gateway's clock. */
  Instant startedAt();

  /** Every device, by name. */
  List<DeviceStatus> devices();

  /** Every point, by device and in the order of its definition. */
  List<PointStatus> points();

  /** One point, if there is such a device and point. */
  Optional<PointStatus> point(String device, String point);
}
