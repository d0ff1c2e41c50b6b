package io.snaprail.localiot.internal.registry;

import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Things, certificates, policies and how they hang together. One file, replaced as a whole: after a
 * power cut the old or the new state is there, never half an attachment. Reading is free of locks;
 * changes come one after the other and are on disk when they return.
 */
public final class Registry {
  private final Path file;
  private volatile RegistryState state;

  private Registry(Path file, RegistryState state) {
    this.file = file;
    this.state = state;
  }

  /**
   * Opens the registry of a folder, empty when there is none.
   *
   * @throws IOException when the file cannot be read or is damaged; the message names it and says
   *     what to do
   */
  public static Registry open(Path folder) throws IOException {
    Path file = folder.resolve("registry.json");
    try {
      return new Registry(file, RegistryJson.read(Files.readString(file)));
    } catch (NoSuchFileException firstStart) {
      return new Registry(file, RegistryState.EMPTY);
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

  /**
   * Changes the registry. Nothing is written when nothing changes.
   *
   * @throws IOException when it cannot be written; the old state then stays in force
   */
  public synchronized void change(UnaryOperator<RegistryState> change) throws IOException {
    RegistryState old = state;
    RegistryState changed = change.apply(old);
    String text = RegistryJson.write(changed);
    if (text.equals(RegistryJson.write(old)) && Files.exists(file)) {
      return;
    }
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
    state = changed;
  }
}
