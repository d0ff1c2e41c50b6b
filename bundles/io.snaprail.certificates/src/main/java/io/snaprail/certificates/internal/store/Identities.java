package io.snaprail.certificates.internal.store;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
import io.snaprail.certificates.internal.token.KeyPlace;
import io.snaprail.certificates.internal.token.Tokens;
import io.snaprail.certificates.internal.x509.Keys;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identities on disk: {@code <folder>/<name>/<generation>.p12}. A new certificate goes into
 * force in an order that a crash may cut anywhere: first the active one is copied to previous, then
 * the new one replaces the active, then it goes from where it was. A pending key or a trial that
 * equals what came after it is a leftover of that and is removed when it is seen.
 *
 * <p>Safe for any thread: one reads or writes at a time. What was read once is kept in memory.
 */
public final class Identities {
  private static final Logger LOG = LoggerFactory.getLogger(Identities.class);

  private final Path folder;
  private final SecretStore secrets;
  private final Tokens tokens;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Optional<Entry>> cache = new HashMap<>();

  /** The identities of a folder, which need not exist. */
  public Identities(Path folder, SecretStore secrets, Tokens tokens) {
    this.folder = folder;
    this.secrets = secrets;
    this.tokens = tokens;
  }

  /** A hardware token has come or gone: what is known of its keys is not so any more. */
  public void tokensChanged() {
    lock.lock();
    try {
      cache.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Every name, sorted. */
  public List<String> names() {
    String[] names = folder.toFile().list((File dir, String name) -> StoreNames.isValid(name));
    return names == null ? List.of() : Arrays.stream(names).sorted().toList();
  }

  /** The key of a generation, if there is one. */
  public Optional<Entry> get(String name, Generation generation) throws CertificateStoreException {
    lock.lock();
    try {
      // Only what is asked for: a damaged trial must not take the active one with it.
      switch (generation) {
        case PENDING, TRIAL -> removeLeftovers(name);
        case ACTIVE -> promoteLoneTrial(name);
        case PREVIOUS -> {}
      }
      return read(name, generation);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The key of a generation, and it works: one whose token was pulled out and put back is fetched
   * anew. May take as long as the token takes to sign.
   */
  public Optional<Entry> usable(String name, Generation generation)
      throws CertificateStoreException {
    Optional<Entry> entry = get(name, generation);
    KeyPlace place = entry.map(Entry::place).orElse(null);
    if (entry.isEmpty() || place == null) {
      return entry;
    }
    try {
      Keys.match(entry.get().key(), entry.get().certificate().getPublicKey());
      return entry;
    } catch (CertificateStoreException dead) {
      tokens.get(place.token()).reopen(String.valueOf(dead.getMessage()));
      tokensChanged();
      return get(name, generation);
    }
  }

  /** Keeps a key that waits for its certificate; one that waited before is gone. */
  public void putPending(String name, Entry entry) throws CertificateStoreException {
    lock.lock();
    try {
      write(name, Generation.PENDING, entry);
    } finally {
      lock.unlock();
    }
  }

  /** Discards a key that waits for its certificate. */
  public void discardPending(String name) throws CertificateStoreException {
    lock.lock();
    try {
      delete(name, Generation.PENDING);
      PrivateFolder.removeIfEmpty(folder.resolve(name));
    } catch (IOException failure) {
      throw new CertificateStoreException(
          folder.resolve(name) + " cannot be removed: " + failure, failure);
    } finally {
      lock.unlock();
    }
  }

  /** Lets a key and its certificate prove themselves beside the active one. */
  public void tryOut(String name, Entry entry) throws CertificateStoreException {
    lock.lock();
    try {
      write(name, Generation.TRIAL, entry);
      removeLeftovers(name);
    } finally {
      lock.unlock();
    }
  }

  /** Discards what is on trial. */
  public void discardTrial(String name) throws CertificateStoreException {
    lock.lock();
    try {
      delete(name, Generation.TRIAL);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a key and its certificate into force; what else was on trial is gone. */
  public void activate(String name, Entry entry) throws CertificateStoreException {
    lock.lock();
    try {
      Optional<Entry> active = read(name, Generation.ACTIVE);
      if (active.isPresent() && !active.get().sameCertificate(entry)) {
        write(name, Generation.PREVIOUS, active.get());
      }
      write(name, Generation.ACTIVE, entry);
      delete(name, Generation.TRIAL);
      removeLeftovers(name);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Joins certificates with the key they are for: the pending one, or the active one when its
   * certificate is renewed.
   *
   * @throws CertificateStoreException when there is no such key
   */
  public Entry complete(String name, List<Located> certificates) throws CertificateStoreException {
    Optional<Entry> pending = get(name, Generation.PENDING);
    Optional<Entry> trial = get(name, Generation.TRIAL);
    Optional<Entry> active = get(name, Generation.ACTIVE);
    if (pending.isEmpty() && active.isEmpty()) {
      throw new CertificateStoreException(
          "Identity '%s' has no key that waits for a certificate. Make a signing request first, or import the certificate together with its key."
              .formatted(name));
    }
    CertificateStoreException first = null;
    for (Optional<Entry> candidate : List.of(pending, trial, active)) {
      try {
        if (candidate.isPresent()) {
          List<X509Certificate> chain = Chains.of(candidate.get().key(), certificates);
          return candidate.get().with(chain);
        }
      } catch (CertificateStoreException noMatch) {
        first = first == null ? noMatch : first;
      }
    }
    throw new CertificateStoreException(
        "Identity '" + name + "': " + (first == null ? "no key" : first.getMessage()), first);
  }

  /** Removes every generation; whether there was one. */
  public boolean remove(String name) throws CertificateStoreException {
    lock.lock();
    try {
      boolean existed = false;
      // The active one last: until then the identity is whole.
      for (Generation generation :
          List.of(Generation.PREVIOUS, Generation.PENDING, Generation.TRIAL, Generation.ACTIVE)) {
        existed |= file(name, generation).toFile().exists();
        delete(name, generation);
      }
      PrivateFolder.removeIfEmpty(folder.resolve(name));
      return existed;
    } catch (IOException failure) {
      throw new CertificateStoreException(
          folder.resolve(name) + " cannot be removed: " + failure, failure);
    } finally {
      lock.unlock();
    }
  }

  private void removeLeftovers(String name) throws CertificateStoreException {
    Optional<Entry> pending = read(name, Generation.PENDING);
    Optional<Entry> trial = read(name, Generation.TRIAL);
    Optional<Entry> active = read(name, Generation.ACTIVE);
    if (trial.isPresent() && active.isPresent() && trial.get().sameCertificate(active.get())) {
      delete(name, Generation.TRIAL);
    }
    if (pending.isPresent() && (sameKey(pending.get(), trial) || sameKey(pending.get(), active))) {
      delete(name, Generation.PENDING);
    }
  }

  /** Somebody has removed the active one by hand: what is on trial is all there is. */
  private void promoteLoneTrial(String name) throws CertificateStoreException {
    if (read(name, Generation.ACTIVE).isEmpty()) {
      Optional<Entry> trial = read(name, Generation.TRIAL);
      if (trial.isPresent()) {
        write(name, Generation.ACTIVE, trial.get());
        delete(name, Generation.TRIAL);
      }
    }
  }

  private static boolean sameKey(Entry entry, Optional<Entry> other) {
    return other.isPresent() && entry.sameKey(other.get());
  }

  private Optional<Entry> read(String name, Generation generation)
      throws CertificateStoreException {
    Path file = file(name, generation);
    Optional<Entry> cached = cache.get(file);
    if (cached == null) {
      cached = new KeyFile(file, secrets, tokens).read();
      cache.put(file, cached);
    }
    return cached;
  }

  private void write(String name, Generation generation, Entry entry)
      throws CertificateStoreException {
    Path file = file(name, generation);
    Optional<Entry> before = known(name, generation);
    // When that fails, the old or the new content may be there.
    cache.remove(file);
    new KeyFile(file, secrets, tokens).write(entry);
    cache.put(file, Optional.of(entry));
    removeFromToken(name, before);
  }

  private void delete(String name, Generation generation) throws CertificateStoreException {
    Path file = file(name, generation);
    Optional<Entry> before = known(name, generation);
    cache.remove(file);
    new KeyFile(file, secrets, tokens).delete();
    removeFromToken(name, before);
  }

  /** What a generation holds; nothing when that cannot be read. */
  private Optional<Entry> known(String name, Generation generation) {
    try {
      return read(name, generation);
    } catch (CertificateStoreException unreadable) {
      LOG.debug("Identity {}: {} cannot be read", name, generation, unreadable);
      return Optional.empty();
    }
  }

  /** A key in a token that no generation holds any more is removed there, too. */
  private void removeFromToken(String name, Optional<Entry> gone) {
    KeyPlace place = gone.map(Entry::place).orElse(null);
    if (place == null) {
      return;
    }
    for (Generation other : Generation.values()) {
      if (known(name, other).map(Entry::place).filter(place::equals).isPresent()) {
        return;
      }
    }
    try {
      tokens.get(place.token()).delete(place.alias());
    } catch (CertificateStoreException kept) {
      LOG.warn(
          "Identity {}: the key {} is not in use any more but stays in its token: {}",
          name,
          place.alias(),
          kept.getMessage());
    }
  }

  private Path file(String name, Generation generation) {
    return folder.resolve(name).resolve(generation.file());
  }
}
