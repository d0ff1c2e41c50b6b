package io.snaprail.security;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Accounts;
import io.snaprail.security.internal.LocalAccounts;
import io.snaprail.security.internal.StoredTokens;
import java.nio.file.Path;
import java.time.Clock;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The {@link Accounts} and {@link AccessTokens} services: {@code accounts.json} and {@code
 * tokens.json} in {@code <data>/security}. A damaged file leaves its service away: the console then
 * lets nobody in.
 */
@Component(service = {})
@Capability(
    namespace = "osgi.service",
    attribute =
        "objectClass:List<String>=\"io.snaprail.api.security.Accounts,io.snaprail.api.security.AccessTokens\"",
    uses = Accounts.class)
public final class AccountsComponent {
  private final RetriedService<Accounts> accounts;
  private final RetriedService<AccessTokens> tokens;

  /** Opens both, or says on the problem board why not. */
  @Activate
  public AccountsComponent(
      BundleContext context, @Reference SecurityProblems problems, @Reference AuditLog audit) {
    Path data = DataFolder.of(context);
    Clock clock = Clock.systemUTC();
    accounts =
        new RetriedService<>(
            context,
            Accounts.class,
            problems,
            () -> new LocalAccounts(data, audit, clock, System::nanoTime));
    tokens =
        new RetriedService<>(
            context,
            AccessTokens.class,
            problems,
            () ->
                new StoredTokens(
                    data.resolve("security/tokens.json"), audit, clock, System::nanoTime));
    accounts.start();
    tokens.start();
  }

  @Deactivate
  void deactivate() throws Exception {
    try {
      accounts.close();
    } finally {
      tokens.close();
    }
  }
}
