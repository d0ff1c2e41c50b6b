package io.snaprail.api.certificate;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** When the certificates that are in use end. */
@ProviderType
public interface CertificateExpiries {
  /**
   * Identities in force, the chains they show, and sets of trusted roots, as they were found at the
   * last look (at each change, and hourly); what ends first is first. Never waits.
   */
  List<Expiry> expiries();
}
