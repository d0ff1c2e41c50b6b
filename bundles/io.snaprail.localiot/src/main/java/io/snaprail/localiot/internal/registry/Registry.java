package io.snaprail.localiot.internal.registry;

import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Things, certificates, policies and how they hang together. One file, replaced as a whole: after a
 * power cut the old or the new state is there, never half an attachment. Reading is free of locks;
 * changes come one after the other and are on disk when they return. Safe for any thread; changes
 * write to the disk, so network threads leave them to another.
 */
public final class Registry {
  private final Path file;
  private final Environment environment;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private volatile RegistryState state;

  private Registry(Path file, RegistryState state, Environment environment) {
    this.file = file;
    this.state = state;
    this.environment = environment;
  }

  /**
   * What it works with.
   *
   * @param clock for time stamps and validity
   * @param rules how close it keeps to AWS
   * @param signer signs certificates for devices
   */
  public record Environment(Clock clock, Rules rules, CertificateSigner signer) {}

  /**
   * A change.
   *
   * @param <E> what it may refuse with
   */
  @FunctionalInterface
  public interface Change<E extends Exception> {
    /** The state that comes after {@code state}; the same for no change. */
    RegistryState of(RegistryState state) throws E;
  }

  /**
   * Opens the registry of a folder, empty when there is none.
   *
   * @throws IOException when the file cannot be read or is damaged; the message names it and says
   *     what to do
   */
  public static Registry open(Path folder, Environment environment) throws IOException {
    Path file = folder.resolve("registry.json");
    try {
      return new Registry(file, RegistryReader.read(Files.readString(file)), environment);
    } catch (NoSuchFileException firstStart) {
      return new Registry(file, RegistryState.EMPTY, environment);
    } catch (JsonException e) {
      throw new IOException(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; restore it from a backup, or move it away to start with an empty registry",
          e);
    }
  }

  /** What it knows now. */
  public RegistryState state() {
    return state;
  }

  /** Whether clients may use a certificate now. */
  public boolean active(String certificateId) {
    DeviceCertificate certificate = state.certificates().get(certificateId);
    return certificate != null && certificate.status() == DeviceCertificate.Status.ACTIVE;
  }

  /** Operations on things. */
  public Things things() {
    return new Things(this);
  }

  /** Operations on types of things. */
  public ThingTypes types() {
    return new ThingTypes(this);
  }

  /** Operations on groups of things. */
  public ThingGroups groups() {
    return new ThingGroups(this);
  }

  /** Operations on certificates. */
  public DeviceCertificates certificates() {
    return new DeviceCertificates(this);
  }

  /** The transfer of certificates to other accounts. */
  public Transfers transfers() {
    return new Transfers(this);
  }

  /** Operations on authorities of others. */
  public ClientAuthorities authorities() {
    return new ClientAuthorities(this);
  }

  /** Operations on policies. */
  public Policies policies() {
    return new Policies(this);
  }

  /** Calls a listener after each change, on the thread that made it. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Changes the registry. Nothing is written when nothing changes.
   *
   * @throws IOException when it cannot be written; what is in force is then what is on disk
   */
  public <E extends Exception> void change(Change<E> change) throws E, IOException {
    synchronized (lock) {
      RegistryState old = state;
      RegistryState changed = change.of(old);
      if (changed.equals(old) && Files.exists(file)) {
        return;
      }
      write(changed);
      state = changed;
    }
    listeners.forEach(Runnable::run);
  }

  /** The same for operations that people and programs ask for: a full disk is a refusal, too. */
  RegistryState apply(Change<RegistryException> change) throws RegistryException {
    try {
      change(change);
    } catch (IOException e) {
      throw new RegistryException(
          Kind.INTERNAL_FAILURE, "the registry cannot be written: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      // A rule of the values: the message says which.
      throw new RegistryException(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
    return state;
  }

  Environment environment() {
    return environment;
  }

  // A failed write may have replaced the file before it failed (the folder's fsync comes last):
  // what
  // is in force then is what would be read after a restart.
  private void write(RegistryState changed) throws IOException {
    byte[] text = RegistryWriter.write(changed).getBytes(StandardCharsets.UTF_8);
    try {
      AtomicFile.write(file, text, AtomicFile.PRIVATE);
    } catch (IOException failure) {
      if (Files.exists(file) && Files.size(file) == text.length && same(text)) {
        state = changed;
      }
      throw failure;
    }
  }

  private boolean same(byte[] text) throws IOException {
    return Arrays.equals(Files.readAllBytes(file), text);
  }
}
