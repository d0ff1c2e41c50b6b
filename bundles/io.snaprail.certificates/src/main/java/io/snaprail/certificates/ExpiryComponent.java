package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateExpiries;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.health.MetricSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The {@link CertificateExpiries} service, and the same as metrics. */
@Component(service = {CertificateExpiries.class, MetricSource.class})
public final class ExpiryComponent implements CertificateExpiries, MetricSource {
  private static final String NAME = "snaprail_certificate_expiry_seconds";
  private static final String HELP =
      "Seconds until a certificate in use ends; negative when it has. Of several of a kind under"
          + " one name, the one that ends first.";

  private final ExpiryCheck check;
  private final Clock clock;

  /** Holds nothing of its own. */
  @Activate
  public ExpiryComponent(@Reference CertificateStoreComponent store) {
    this.check = store.expiry();
    this.clock = store.rotationKeys().clock();
  }

  @Override
  public List<Expiry> expiries() {
    return check.expiries();
  }

  @Override
  public void collect(Collector collector) {
    Instant now = clock.instant();
    Set<String> seen = new HashSet<>();
    for (Expiry expiry : expiries()) {
      String kind = expiry.kind().name().toLowerCase(Locale.ROOT);
      // The first is the one that ends first.
      if (seen.add(kind + " " + expiry.name())) {
        double left = Duration.between(now, expiry.notAfter()).toMillis() / 1000.0;
        collector.gauge(NAME, HELP, left, "kind", kind, "name", expiry.name());
      }
    }
  }
}
