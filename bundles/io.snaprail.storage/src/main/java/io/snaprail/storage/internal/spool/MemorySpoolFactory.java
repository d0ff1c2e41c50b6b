package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.SpoolFactory;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens spools that are kept in memory: what has not been acknowledged is lost at a restart. */
@Component(service = SpoolFactory.class, property = "kind=memory")
public final class MemorySpoolFactory implements SpoolFactory {
  /** Smallest capacity that makes sense, in bytes. */
  static final long MIN_CAPACITY_BYTES = 65_536;

  private final Clock clock;
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  /** Makes a factory that stamps entries with the system's clock. */
  @Activate
  public MemorySpoolFactory() {
    this(Clock.systemUTC());
  }

  MemorySpoolFactory(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Spool open(String name, long capacityBytes) {
    if (capacityBytes < MIN_CAPACITY_BYTES) {
      throw new IllegalArgumentException(
          "capacity of spool '"
              + name
              + "': expected "
              + MIN_CAPACITY_BYTES
              + " bytes or more, found "
              + capacityBytes);
    }
    if (!open.add(name)) {
      throw new IllegalStateException(
          "a spool named '" + name + "' is open already: two uplinks have the same name");
    }
    return new MemorySpool(capacityBytes, clock, () -> open.remove(name));
  }
}
