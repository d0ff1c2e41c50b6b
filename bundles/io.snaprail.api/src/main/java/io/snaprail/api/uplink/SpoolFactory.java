package io.snaprail.api.uplink;

import org.osgi.annotation.versioning.ProviderType;

/** Opens spools. */
@ProviderType
public interface SpoolFactory {
  /**
   * Opens the spool of an uplink, with what an earlier run left in it if it is kept on disk.
   *
   * @param name the uplink's name; one spool of a name may be open at a time
   * @param capacityBytes what its entries may take at most, 65,536 or more
   * @throws IllegalStateException when a spool of that name is open
   */
  Spool open(String name, long capacityBytes);
}
