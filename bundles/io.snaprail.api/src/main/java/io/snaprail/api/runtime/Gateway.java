package io.snaprail.api.runtime;

import io.snaprail.api.driver.Inspection;
import io.snaprail.api.model.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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

  /** Every bus, by name. */
  List<BusStatus> buses();

  /**
   * What its driver tells of a device. Empty when there is no such device, or its driver tells
   * nothing.
   */
  Optional<Inspection> inspect(String device);

  /** Every point, by device and in the order of its definition. */
  List<PointStatus> points();

  /** One point, if there is such a device and point. */
  Optional<PointStatus> point(String device, String point);

  /**
   * Reads points of one device now, between what is polled and before it: for people who ask.
   * Nobody else gets these samples.
   *
   * @param timeout longest wait for the bus; the reading itself then has the device's time-out
   * @return a sample for each point, in their order, BAD ones with their reason; completes
   *     exceptionally with an {@link IllegalArgumentException} when there is no such device or
   *     point, and an {@link IllegalStateException} when the device is not in use or the bus was
   *     busy for too long
   */
  CompletionStage<List<Sample>> read(String device, List<String> points, Duration timeout);
}
