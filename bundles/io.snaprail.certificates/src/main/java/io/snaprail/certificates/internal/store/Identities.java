package io.snaprail.certificates.internal.store;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
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

/**
 * The identities on disk: {@code <folder>/<name>/<generation>.p12}. A new certificate goes into
 * force in an order that a crash may cut anywhere: first the active one is copied to previous, then
 * the new one replaces the active, then the pending key goes. A pending key that equals the active
 * one is a leftover of that and is removed when it is seen.
 *
 * <p>Safe for any thread: one reads or writes at a time. What was read once is kept in memory.
 */
public final class Identities {
  private final Path folder;
  private final SecretStore secrets;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Optional<Entry>> cache = new HashMap<>();

  /** The identities of a folder, which need not exist. */
  public Identities(Path folder, SecretStore secrets) {
    this.folder = folder;
    this.secrets = secrets;
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
      if (generation == Generation.PENDING) {
        removeLeftover(name);
      }
      return read(name, generation);
    } finally {
      lock.unlock();
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

  /** Puts a key and its certificate into force. */
  public void activate(String name, Entry entry) throws CertificateStoreException {
    lock.lock();
    try {
      Optional<Entry> active = read(name, Generation.ACTIVE);
      if (active.isPresent()) {
        write(name, Generation.PREVIOUS, active.get());
      }
      write(name, Generation.ACTIVE, entry);
      removeLeftover(name);
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
    Optional<Entry> active = get(name, Generation.ACTIVE);
    if (pending.isEmpty() && active.isEmpty()) {
      throw new CertificateStoreException(
          "Identity '%s' has no key that waits for a certificate. Make a signing request first, or import the certificate together with its key."
              .formatted(name));
    }
    CertificateStoreException first = null;
    for (Optional<Entry> candidate : List.of(pending, active)) {
      try {
        if (candidate.isPresent()) {
          List<X509Certificate> chain = Chains.of(candidate.get().key(), certificates);
          return new Entry(candidate.get().key(), chain);
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
          List.of(Generation.PREVIOUS, Generation.PENDING, Generation.ACTIVE)) {
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

  private void removeLeftover(String name) throws CertificateStoreException {
    Optional<Entry> pending = read(name, Generation.PENDING);
    Optional<Entry> active = read(name, Generation.ACTIVE);
    if (pending.isPresent() && active.isPresent() && pending.get().sameKey(active.get())) {
      delete(name, Generation.PENDING);
    }
  }

  private Optional<Entry> read(String name, Generation generation)
      throws CertificateStoreException {
    Path file = file(name, generation);
    Optional<Entry> cached = cache.get(file);
    if (cached == null) {
      cached = new KeyFile(file, secrets).read();
      cache.put(file, cached);
    }
    return cached;
  }

  private void write(String name, Generation generation, Entry entry)
      throws CertificateStoreException {
    Path file = file(name, generation);
    new KeyFile(file, secrets).write(entry);
    cache.put(file, Optional.of(entry));
  }

  private void delete(String name, Generation generation) throws CertificateStoreException {
    Path file = file(name, generation);
    cache.remove(file);
    new KeyFile(file, secrets).delete();
  }

  private Path file(String name, Generation generation) {
    return folder.resolve(name).resolve(generation.file());
  }
}
