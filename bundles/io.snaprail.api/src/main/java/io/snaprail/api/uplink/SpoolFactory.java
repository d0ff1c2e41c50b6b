package io.snaprail.api.uplink;

import org.osgi.annotation.versioning.ProviderType;

/** Opens spools. */
@ProviderType
public interface SpoolFactory {
  /**
   * Opens the spool of an uplink, with what an earlier run left in it on disk. Does not wait for
   * the disk: what is there is read by a thread of the spool's, and comes before what is new. A
   * disk that cannot be used is a problem on the board, and the lanes are kept in memory until it
   * can.
   *
   * @param name the uplink's name; one spool of a name may be open at a time
   * @throws IllegalStateException when a spool of that name is open
   */
  Spool open(String name, SpoolSettings settings);
}
