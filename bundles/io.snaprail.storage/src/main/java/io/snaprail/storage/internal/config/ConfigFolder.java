package io.snaprail.storage.internal.config;

import io.snaprail.api.file.AtomicFile;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.storage.internal.config.Change.Origin;
import io.snaprail.storage.internal.config.DiskFile.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The configuration folder: one JSON file a PID at its top level. Knows what each file says, what
 * of it is in force, and writes files. Safe for any thread; calls nobody but its listener, which
 * must only take note.
 */
final class ConfigFolder {
  /** How long a text that is not good must stand before it is believed and reported. */
  static final Duration PATIENCE = Duration.ofMillis(300);

  /** What problems are about that are not about one PID. */
  static final String SUBJECT = "configuration";

  private final Path folder;
  private final History history;
  private final SchemaSource schemas;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Consumer<Change> listener;

  private final Map<String, Slot> slots = new TreeMap<>();
  // Those of the last look, by file name: looked at every second, they rarely change.
  private Map<String, String> pids = Map.of();
  private Map<Path, Fault> strangers = Map.of();
  private long revision;

  ConfigFolder(
      Path folder, History history, SchemaSource schemas, Time time, Consumer<Change> listener) {
    this.folder = folder;
    this.history = history;
    this.schemas = schemas;
    this.clock = time.clock();
    this.nanoTime = time.nanoTime();
    this.listener = listener;
  }

  /**
   * The clocks.
   *
   * @param clock for time stamps
   * @param nanoTime for durations
   */
  record Time(Clock clock, LongSupplier nanoTime) {
    static final Time SYSTEM = new Time(Clock.systemUTC(), System::nanoTime);
  }

  /** Reads everything for the first time; what is faulty is not waited for. */
  synchronized void load() throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Found> one : list().entrySet()) {
      Slot slot = slot(one.getKey());
      slot.unchanged(one.getValue().stamp(), clock.instant());
      slot.accept(DiskFile.read(one.getValue().file()));
    }
  }

  /** A file, and what its stamp was before it is read. */
  private record Found(Path file, Stamp stamp) {}

  /**
   * Looks at the folder and takes what has changed.
   *
   * @return whether something looks half-written, so that another look should follow soon
   */
  synchronized boolean look() {
    Map<String, Found> files;
    try {
      files = list();
    } catch (IOException | UncheckedIOException e) {
      // Without the folder nothing is known, so nothing changes: a missing folder deletes nothing.
      noteStrangers(Map.of(folder, Fault.ofFile("cannot be listed: " + e)));
      return false;
    }
    boolean doubt = false;
    for (Map.Entry<String, Found> file : files.entrySet()) {
      doubt |= look(slot(file.getKey()), file.getValue());
    }
    for (Slot slot : List.copyOf(slots.values())) {
      if (!files.containsKey(slot.pid())) {
        doubt |= gone(slot);
      }
    }
    return doubt;
  }

  /** Whether the file is in doubt. */
  private boolean look(Slot slot, Found file) {
    if (slot.unchanged(file.stamp(), clock.instant())) {
      return false;
    }
    DiskFile found = DiskFile.read(file.file());
    if (found.sameContent(slot.disk())) {
      slot.clearDoubt();
      return false;
    }
    if (found.document() == null && doubtful(slot, found)) {
      return true;
    }
    take(slot, found);
    return false;
  }

  /** Editors take files away for a moment when they save. */
  private boolean gone(Slot slot) {
    if (slot.disk().absent()) {
      slots.remove(slot.pid());
      return false;
    }
    if (doubtful(slot, DiskFile.ABSENT)) {
      return true;
    }
    take(slot, DiskFile.ABSENT);
    slots.remove(slot.pid());
    return false;
  }

  private boolean doubtful(Slot slot, DiskFile found) {
    return !slot.believable(found, nanoTime.getAsLong(), PATIENCE.toNanos());
  }

  private void take(Slot slot, DiskFile found) {
    boolean had = slot.values() != null;
    Set<String> keys = slot.accept(found);
    revision++;
    if (!keys.isEmpty() || had != (slot.values() != null)) {
      listener.accept(new Change(slot.pid(), Origin.FILE, keys));
    }
  }

  private Slot slot(String pid) {
    return slots.computeIfAbsent(pid, key -> new Slot(key, history, schemas));
  }

  /** Every configuration file by PID; takes note of files whose name is not that of a PID. */
  private Map<String, Found> list() throws IOException {
    Map<String, Found> files = new LinkedHashMap<>();
    Map<Path, Fault> odd = new TreeMap<>();
    Map<String, String> named = new HashMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : (Iterable<Path>) all.sorted()::iterator) {
        String name = String.valueOf(file.getFileName());
        Stamp stamp = name.startsWith(".") || !name.endsWith(Pid.SUFFIX) ? null : stamp(file);
        if (stamp == null) {
          continue;
        }
        String pid = pids.get(name);
        if (pid == null) {
          pid = Pid.ofFileName(name);
        }
        if (pid != null) {
          named.put(name, pid);
          files.put(pid, new Found(file, stamp));
        } else {
          odd.put(
              file,
              Fault.ofFile(
                  "expected PID.json or FACTORY~NAME.json, made of letters, digits and . _ - ~;"
                      + " rename it; it is not in force"));
        }
      }
    }
    pids = named;
    noteStrangers(odd);
    return files;
  }

  /** One question to the system for each file and second; null when the file is none, or gone. */
  private static @Nullable Stamp stamp(Path file) {
    try {
      return Stamp.of(file);
    } catch (IOException e) {
      return null;
    }
  }

  private void noteStrangers(Map<Path, Fault> found) {
    if (!found.equals(strangers)) {
      strangers = found;
      revision++;
    }
  }

  /** Changes whenever {@link #problems()} may have changed. */
  synchronized long revision() {
    return revision;
  }

  /** Names of everything that is in force. */
  synchronized Set<String> pids() {
    Set<String> pids = new HashSet<>();
    slots.values().stream().filter(slot -> slot.values() != null).forEach(s -> pids.add(s.pid()));
    return pids;
  }

  /** What is in force for a PID; null when nothing is. */
  synchronized @Nullable Map<String, Object> values(String pid) {
    Slot slot = slots.get(pid);
    Map<String, Object> values = slot == null ? null : slot.values();
    return values == null ? null : new LinkedHashMap<>(values);
  }

  /** The factory that each PID belongs to; PIDs without one map to themselves. */
  synchronized Map<String, String> owners() {
    Map<String, String> owners = new TreeMap<>();
    slots.values().forEach(slot -> owners.put(slot.pid(), slot.owner()));
    return owners;
  }

  /** The text that is in force if it is the file's own; null otherwise. */
  synchronized byte @Nullable [] goodText(String pid) {
    Slot slot = slots.get(pid);
    return slot == null || !slot.faults().isEmpty() ? null : slot.disk().content();
  }

  /**
   * Writes a configuration that came through Configuration Admin; does nothing when the file says
   * the same already.
   *
   * @throws IOException when it cannot be written, a value is of a wrong type, or a person has
   *     changed the file and that change is not in force yet
   */
  synchronized void store(String pid, Map<String, Object> properties) throws IOException {
    Slot slot = slot(pid);
    Path file = file(pid);
    Schema schema = schemas.of(pid, factoryPid(pid, properties));
    Map<String, Object> adapted = adapt(file, properties, schema);
    if (identical(adapted, slot.values())) {
      return;
    }
    DiskFile found = DiskFile.read(file);
    if (!found.sameContent(slot.disk())) {
      throw new IOException(
          display(file)
              + " has just been changed by hand; nothing was saved: look at the new values and try"
              + " again");
    }
    byte[] refused = slot.faults().isEmpty() ? null : found.content();
    if (refused != null) {
      history.keepRejected(pid, refused);
    }
    byte[] text = ConfigWriter.write(adapted, slot.document(), schema);
    DiskFile written = DiskFile.of(text);
    if (written.document() == null) {
      throw new IOException(written.faults().get(0).in(display(file)) + "; nothing was saved");
    }
    AtomicFile.write(target(file), text, permissions(file));
    Set<String> keys = slot.accept(written);
    revision++;
    listener.accept(new Change(pid, Origin.ADMIN, keys));
  }

  private Map<String, Object> adapt(Path file, Map<String, Object> properties, Schema schema)
      throws IOException {
    try {
      return Checker.adapt(properties, schema);
    } catch (ConfigException e) {
      List<String> messages = e.faults().stream().map(Fault::message).toList();
      throw new IOException(display(file) + " was not saved: " + String.join("; ", messages), e);
    }
  }

  private static @Nullable String factoryPid(String pid, Map<String, Object> properties) {
    String named = Pid.factoryOf(pid);
    Object inside = properties.get(ConfigurationAdmin.SERVICE_FACTORYPID);
    return named != null || inside == null ? named : inside.toString();
  }

  private static boolean identical(Map<String, Object> a, @Nullable Map<String, Object> b) {
    if (b == null || !Values.same(a, b)) {
      return false;
    }
    Map<String, Object> other = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    other.putAll(b);
    return a.entrySet().stream()
        .allMatch(
            entry -> {
              Object value = other.get(entry.getKey());
              return value != null && ValueType.of(entry.getValue()).equals(ValueType.of(value));
            });
  }

  /** Deletes a configuration's file because Configuration Admin says so. */
  synchronized void delete(String pid) throws IOException {
    Slot slot = slots.get(pid);
    Path file = file(pid);
    DiskFile found = DiskFile.read(file);
    byte[] content = found.content();
    boolean kept = slot != null && slot.faults().isEmpty() && found.sameContent(slot.disk());
    if (content != null && !kept) {
      history.keepRejected(pid, content);
    }
    AtomicFile.delete(file);
    if (slot != null) {
      Set<String> keys = slot.accept(DiskFile.ABSENT);
      slots.remove(pid);
      revision++;
      listener.accept(new Change(pid, Origin.ADMIN, keys));
    }
  }

  /**
   * Decides again what is in force, because what owners declare has changed.
   *
   * @param owners PIDs and factory PIDs that are concerned; null for all
   * @return PIDs whose values are other objects than before, if only by their types
   */
  synchronized Set<String> recheck(@Nullable Set<String> owners) {
    revision++;
    Set<String> touched = new HashSet<>();
    for (Slot slot : slots.values()) {
      if (owners != null && !owners.contains(slot.owner())) {
        continue;
      }
      Map<String, Object> before = slot.values();
      Set<String> keys = slot.settle();
      Map<String, Object> after = slot.values();
      if (!keys.isEmpty() || (before == null) != (after == null)) {
        listener.accept(new Change(slot.pid(), Origin.SCHEMA, keys));
        touched.add(slot.pid());
      } else if (before != null && !identical(before, after)) {
        touched.add(slot.pid());
      }
    }
    return touched;
  }

  /** Everything that is wrong with the files now. */
  synchronized List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    strangers.forEach((file, fault) -> problems.add(problem(SUBJECT, fault.in(display(file)))));
    for (Slot slot : slots.values()) {
      String file = display(file(slot.pid()));
      slot.complaints(file).forEach(complaint -> problems.add(problem(slot.pid(), complaint)));
    }
    return problems;
  }

  private static Problem problem(String subject, String message) {
    return new Problem(Severity.ERROR, subject, message);
  }

  /** A file as a person would look for it. */
  String display(Path file) {
    Path name = folder.getFileName();
    return file.equals(folder) ? String.valueOf(name) : name + "/" + file.getFileName();
  }

  Path file(String pid) {
    return folder.resolve(Pid.fileName(pid));
  }

  /** A link is followed, so that it stays one. */
  private static Path target(Path file) throws IOException {
    return Files.isSymbolicLink(file) ? file.toRealPath() : file;
  }

  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (NoSuchFileException e) {
      return AtomicFile.PUBLIC;
    }
  }
}
