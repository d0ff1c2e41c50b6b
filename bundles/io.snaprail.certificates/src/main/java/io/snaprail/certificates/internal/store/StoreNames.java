package io.snaprail.certificates.internal.store;

import io.snaprail.api.certificate.CertificateStoreException;
import java.util.regex.Pattern;

/** Names of identities, sets of roots and authorities: they are names of files, too. */
public final class StoreNames {
  // No dot at the start: neither '.' nor '..' nor the hidden files of unfinished writes.
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}");

  private StoreNames() {}

  static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }

  /**
   * Checks a name.
   *
   * @param what it is the name of, for the message
   */
  public static String require(String what, String name) throws CertificateStoreException {
    if (!isValid(name)) {
      throw new CertificateStoreException(
          "%s: expected a name of 1 to 64 letters, digits, '_', '-' or '.', not starting with '.', found '%s'"
              .formatted(what, name));
    }
    return name;
  }
}
