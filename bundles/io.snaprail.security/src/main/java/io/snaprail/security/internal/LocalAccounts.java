package io.snaprail.security.internal;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditEvent.Action;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.LoginResult;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.security.internal.AccountFile.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts of this gateway.
 *
 * <p>As long as there is no administrator, a claim token stands in {@code <data>/claim-token}
 * (0600) and is replaced every 30 minutes, so that whoever may read the gateway's files always
 * finds a valid one. The first claim makes the administrator and removes the token.
 *
 * <p>Local recovery: when {@code <data>/security/reset-admin} exists at start, the gateway is
 * unclaimed once more, though its accounts stay. A claim then gives the named account a new
 * password and the role of administrator, makes it if there is none, and removes the file.
 *
 * <p>When the audit log cannot be written, a claim is refused, since it changes something. A login
 * is not: who is to make room on the disk must be able to look. It then stands in the ordinary log.
 *
 * <p>Safe for any thread. It owns one thread while the gateway is unclaimed.
 */
public final class LocalAccounts implements Accounts, AutoCloseable {
  /** File in the data folder that holds the claim token. */
  public static final String CLAIM_TOKEN_FILE = "claim-token";

  /** File in the data folder whose presence at start allows the administrator to be reset. */
  public static final String RESET_FILE = "security/reset-admin";

  private static final Logger LOG = LoggerFactory.getLogger(LocalAccounts.class);
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final String UNKNOWN = "(unknown account)";

  private final AccountFile file;
  private final Path resetFile;
  private final AuditLog audit;
  private final Clock clock;
  private final PasswordHasher hasher;
  private final PasswordPolicy policy = new PasswordPolicy();
  private final AttemptLimiter limiter;
  private final ClaimToken token;
  private final AtomicBoolean claiming = new AtomicBoolean();
  private final ScheduledExecutorService renewals;
  private volatile Map<String, Account> accounts;
  private volatile boolean claimed;

  /**
   * Reads the accounts and makes the claim token if one is needed.
   *
   * @param data the data folder
   * @param nanoTime monotonic, in nanoseconds
   * @throws IOException when a file is damaged or cannot be written
   */
  public LocalAccounts(Path data, AuditLog audit, Clock clock, LongSupplier nanoTime)
      throws IOException {
    this(data, audit, clock, nanoTime, PasswordHasher.ITERATIONS);
  }

  LocalAccounts(Path data, AuditLog audit, Clock clock, LongSupplier nanoTime, int iterations)
      throws IOException {
    SecureRandom random = new SecureRandom();
    this.file = new AccountFile(data.resolve("security/accounts.json"));
    this.resetFile = data.resolve(RESET_FILE);
    this.audit = audit;
    this.clock = clock;
    this.hasher = new PasswordHasher(random, iterations);
    this.limiter = new AttemptLimiter(nanoTime);
    this.token = new ClaimToken(data.resolve(CLAIM_TOKEN_FILE), random, nanoTime);
    PrivateFiles.createFolder(data.resolve("security"));
    this.accounts = file.load();
    boolean hasAdmin = accounts.values().stream().anyMatch(a -> a.role() == Role.ADMIN);
    this.claimed = hasAdmin && !Files.exists(resetFile);
    if (claimed) {
      token.remove();
    } else {
      token.renew();
    }
    this.renewals = Executors.newSingleThreadScheduledExecutor(LocalAccounts::thread);
    startRenewals();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "snaprail-security-claim");
    thread.setDaemon(true);
    return thread;
  }

  private void startRenewals() {
    if (claimed) {
      renewals.shutdown();
      return;
    }
    LOG.info("The gateway is not claimed: its claim token is in {}", token.file());
    long period = ClaimToken.VALIDITY.toMillis();
    renewals.scheduleAtFixedRate(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  /** Replaces the claim token, as long as the gateway is not claimed. */
  void renew() {
    if (claimed || claiming.get()) {
      return;
    }
    try {
      token.renew();
    } catch (IOException failure) {
      LOG.warn("No new claim token: {} cannot be written: {}", token.file(), failure.toString());
    }
  }

  @Override
  public boolean claimed() {
    return claimed;
  }

  @Override
  public LoginResult claim(String claimToken, String name, char[] password, String source) {
    if (claimed) {
      return refused("This gateway is claimed already: log in instead.");
    }
    String key = "claim from " + source;
    AttemptLimiter.Decision decision = limiter.begin(key, source);
    if (decision.refused() || !token.matches(claimToken)) {
      record(Action.ACCOUNT, UNKNOWN, source, decision);
      return decision.refused()
          ? tooMany(decision)
          : refused(
              "The claim token is wrong or no longer valid. The present one is in the file "
                  + CLAIM_TOKEN_FILE
                  + " of the gateway's data folder.");
    }
    limiter.succeeded(key, source);
    Optional<String> objection = objection(name, password);
    if (objection.isPresent()) {
      return refused(objection.get());
    }
    if (!claiming.compareAndSet(false, true)) {
      return refused("Someone else is claiming this gateway at this moment.");
    }
    try {
      return claim(name, password, source);
    } finally {
      claiming.set(false);
    }
  }

  private LoginResult claim(String name, char[] password, String source) {
    Optional<PasswordHash> hash = hasher.hash(password);
    if (hash.isEmpty()) {
      return new LoginResult.Refused("The gateway is busy. Try again in a few seconds.", BUSY);
    }
    if (claimed) {
      return refused("This gateway is claimed already: log in instead.");
    }
    try {
      // Before the change: what cannot be recorded must not happen.
      audit.record(event(Action.ACCOUNT, name, source, "ok", Map.of("role", Role.ADMIN.name())));
      Map<String, Account> changed = new TreeMap<>(accounts);
      changed.put(name, new Account(name, Role.ADMIN, hash.get(), clock.instant()));
      file.save(changed);
      accounts = changed;
      claimed = true;
      renewals.shutdown();
    } catch (AuditUnavailableException unavailable) {
      return refused(String.valueOf(unavailable.getMessage()));
    } catch (IOException failure) {
      record(Action.ACCOUNT, name, source, "failed", Map.of());
      LOG.error("The claim failed: {} cannot be written: {}", file.path(), failure.toString());
      return refused("The account could not be saved: " + failure + ". Make room and try again.");
    }
    removeClaimFiles();
    return new LoginResult.Success(new Principal(name, Role.ADMIN));
  }

  /** What stays when this fails is removed, or asks for a claim again, at the next start. */
  private void removeClaimFiles() {
    try {
      token.remove();
      AtomicFile.delete(resetFile);
    } catch (IOException failure) {
      LOG.error(
          "The gateway is claimed, but a file could not be removed: {}. Remove {} and {}.",
          failure.toString(),
          token.file(),
          resetFile);
    }
  }

  private Optional<String> objection(String name, char[] password) {
    boolean wellFormed =
        !name.isBlank()
            && name.length() <= 64
            && name.equals(name.strip())
            && name.chars().noneMatch(Character::isISOControl);
    return wellFormed
        ? policy.objection(name, password)
        : Optional.of("The name needs 1 to 64 characters, without blanks around it.");
  }

  @Override
  public LoginResult login(String name, char[] password, String source) {
    Account account = accounts.get(name);
    String known = account == null ? UNKNOWN : name;
    // An endless name must not fill the table.
    String key = name.length() <= 64 ? name : "";
    AttemptLimiter.Decision decision = limiter.begin(key, source);
    if (decision.refused()) {
      record(Action.LOGIN, known, source, decision);
      return tooMany(decision);
    }
    PasswordHash expected = account == null ? hasher.nobody() : account.password();
    Optional<Boolean> right =
        password.length > PasswordPolicy.MAX
            ? Optional.of(false)
            : hasher.matches(password, expected);
    if (right.isEmpty()) {
      limiter.abandoned(key, source);
      record(Action.LOGIN, known, source, "refused", Map.of("reason", "busy"));
      return new LoginResult.Refused("The gateway is busy. Try again in a few seconds.", BUSY);
    }
    if (account == null || !right.get()) {
      record(Action.LOGIN, known, source, decision);
      return refused("Name or password is wrong.");
    }
    limiter.succeeded(key, source);
    record(Action.LOGIN, name, source, "ok", unseen(decision));
    return new LoginResult.Success(new Principal(name, account.role()));
  }

  /**
   * Records a refused attempt; of those that nobody looked at only the first, then their number.
   */
  private void record(Action action, String name, String source, AttemptLimiter.Decision decision) {
    if (!decision.refused()) {
      record(action, name, source, "refused", unseen(decision));
    } else if (decision.unseen() == 0) {
      record(action, name, source, "refused", Map.of("reason", "back-off"));
    }
  }

  private void record(
      Action action, String name, String source, String outcome, Map<String, String> details) {
    try {
      audit.record(event(action, name, source, outcome, details));
    } catch (AuditUnavailableException unavailable) {
      // The audit log has put itself on the problem board.
      LOG.warn("Not audited: {} of {} from {}: {}", action, name, source, outcome);
    }
  }

  private static Map<String, String> unseen(AttemptLimiter.Decision decision) {
    return decision.unseen() == 0
        ? Map.of()
        : Map.of("turnedAwayBefore", String.valueOf(decision.unseen()));
  }

  private static AuditEvent event(
      Action action, String name, String source, String outcome, Map<String, String> details) {
    return new AuditEvent(action, name, source, name, outcome, details);
  }

  private static LoginResult refused(String message) {
    return new LoginResult.Refused(message, Duration.ZERO);
  }

  private static LoginResult tooMany(AttemptLimiter.Decision decision) {
    long seconds = decision.delay().toSeconds() + 1;
    return new LoginResult.Refused(
        "Too many failed attempts. Try again in " + seconds + " s.", decision.delay());
  }

  @Override
  public void close() throws InterruptedException {
    renewals.shutdownNow();
    if (!renewals.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("The claim token's thread did not end within 2 s");
    }
  }

  @Override
  public String toString() {
    return "LocalAccounts[" + file.path() + "]";
  }
}
