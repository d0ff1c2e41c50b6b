package io.snaprail.serial.internal.local;

import com.fazecast.jSerialComm.SerialPort;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Loads jSerialComm with a native library that is known to be its own.
 *
 * <p>Left alone, jSerialComm unpacks its library into a folder that everyone can write, loads
 * whatever lies there, and deletes what it finds beside it. So the library is put into a folder of
 * ours first, and while the class initialises, the folders for temporary files and of the user lead
 * there too: whatever fails, nothing outside is loaded or deleted.
 */
public final class NativeLibrary {
  // One for the whole process, as jSerialComm's class is: its properties are the system's.
  private static final Object INITIALISATION = new Object();
  private static final String LIBRARY_PATH = "jSerialComm.library.path";

  private final Path folder;
  private final Consumer<String> trouble;
  private volatile boolean ready;
  // Guarded by INITIALISATION.
  private @Nullable String broken;

  /**
   * Loads nothing yet.
   *
   * @param folder for libraries; made when needed
   * @param trouble told what keeps ports from working; empty when they do
   */
  public NativeLibrary(Path folder, Consumer<String> trouble) {
    this.folder = folder;
    this.trouble = trouble;
  }

  /** Loads the library unless that is done. After a failure the next call tries again. */
  void require() throws SerialException {
    if (ready) {
      return;
    }
    synchronized (INITIALISATION) {
      if (ready) {
        return;
      }
      if (broken != null) {
        throw unavailable(broken, null);
      }
      try {
        load();
        ready = true;
        trouble.accept("");
      } catch (IOException failure) {
        throw unavailable(
            "Serial ports cannot be used: the folder for the native library is not usable: "
                + failure.getMessage()
                + ". It must be a folder that only the gateway's account can write, on a disk from"
                + " which programs may run.",
            failure);
      } catch (LinkageError failure) {
        // The class stays unusable for the life of the process, and later says less of the reason.
        broken =
            "Serial ports cannot be used: the native library in "
                + folder
                + " does not load: "
                + reason(failure)
                + ". Is the data folder on a disk that is mounted noexec? Put it elsewhere and"
                + " restart the gateway.";
        throw unavailable(broken, failure);
      }
    }
  }

  private SerialException unavailable(String message, @Nullable Throwable cause) {
    trouble.accept(message);
    return new SerialException(Kind.UNAVAILABLE, message, cause);
  }

  /** The loader's own first error where jSerialComm lists them all, which is about our folder. */
  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = String.valueOf(cause.getMessage());
    return message
        .lines()
        .filter(line -> line.startsWith("[1]: "))
        .map(line -> line.substring("[1]: ".length()))
        .findFirst()
        .orElse(message);
  }

  private void load() throws IOException {
    NativeFolder libraries = new NativeFolder(folder);
    libraries.prepare();
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    Optional<NativePlatform> platform = NativePlatform.of(os, arch);
    if (platform.isEmpty()) {
      throw new IOException("there is no library for " + os + " on " + arch);
    }
    for (String path : platform.get().paths()) {
      libraries.put(path, shipped(path));
    }
    initialise(libraries.subfolder("work"));
  }

  /** Reading a resource through the class does not initialise it. */
  static byte[] shipped(String path) throws IOException {
    try (InputStream in = SerialPort.class.getResourceAsStream("/" + path)) {
      if (in == null) {
        throw new IOException("the bundle com.fazecast.jSerialComm has no " + path);
      }
      return in.readAllBytes();
    }
  }

  private void initialise(Path work) {
    System.setProperty(LIBRARY_PATH, folder.toString());
    String temporary = System.getProperty("java.io.tmpdir");
    String home = System.getProperty("user.home");
    try {
      System.setProperty("java.io.tmpdir", work.toString());
      System.setProperty("user.home", work.toString());
      // The first to touch the class, and the first native method: without a library the class
      // initialises all the same, and only this fails. It also makes the library list the ports,
      // once and while none is open: doing so later would free what open ports still use.
      SerialPort.getCommPort("/dev/null");
    } finally {
      restore("java.io.tmpdir", temporary);
      restore("user.home", home);
    }
  }

  private static void restore(String key, @Nullable String value) {
    if (value == null) {
      System.clearProperty(key);
    } else {
      System.setProperty(key, value);
    }
  }
}
