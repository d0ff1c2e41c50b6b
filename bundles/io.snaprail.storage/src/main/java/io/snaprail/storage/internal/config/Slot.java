package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.config.DiskFile.Stamp;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One PID: what its file says and what of it is in force. Guarded by its folder's lock. */
final class Slot {
  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

  private final String pid;
  private final History history;
  private final SchemaSource schemas;

  private DiskFile disk = DiskFile.ABSENT;
  private @Nullable Stamp stamp;
  private Instant lookedAt = Instant.MIN;
  private @Nullable DiskFile doubtful;
  private long doubtfulSince;

  private List<Fault> faults = List.of();
  private @Nullable ConfigDocument inForce;
  private @Nullable Map<String, Object> values;

  Slot(String pid, History history, SchemaSource schemas) {
    this.pid = pid;
    this.history = history;
    this.schemas = schemas;
  }

  String pid() {
    return pid;
  }

  DiskFile disk() {
    return disk;
  }

  /** Why the file is not in force; empty when it is. */
  List<Fault> faults() {
    return faults;
  }

  /** What is in force; null when nothing is. */
  @Nullable Map<String, Object> values() {
    return values;
  }

  /** The text of what is in force; the file's own wherever that can be used. */
  ConfigDocument document() {
    ConfigDocument onDisk = disk.document();
    if (onDisk != null) {
      return onDisk;
    }
    return inForce == null ? ConfigDocument.EMPTY : inForce;
  }

  Schema schema() {
    return schemas.of(pid, factoryPid());
  }

  /** The factory PID that the file's name or the file itself names; null when neither does. */
  @Nullable String factoryPid() {
    return factoryPid(document());
  }

  /** The PID that a bundle knows: the factory's for a configuration of a factory. */
  String owner() {
    String factoryPid = factoryPid();
    return factoryPid == null ? pid : factoryPid;
  }

  private @Nullable String factoryPid(ConfigDocument document) {
    String named = Pid.factoryOf(pid);
    if (named != null) {
      return named;
    }
    ConfigDocument.Entry entry = document.find(ConfigurationAdmin.SERVICE_FACTORYPID);
    try {
      return entry == null ? null : entry.value(ValueType.scalar(ScalarType.STRING)).toString();
    } catch (ConfigException e) {
      return null;
    }
  }

  /**
   * Whether the file need not be read again: nothing about it has changed since it was read, and
   * that was not so soon after a write that another one could bear the same time.
   */
  boolean unchanged(Stamp now, Instant time) {
    boolean settled = now.modified().toInstant().plusSeconds(2).isBefore(lookedAt);
    if (settled && now.equals(stamp) && doubtful == null) {
      return true;
    }
    stamp = now;
    lookedAt = time;
    return false;
  }

  /**
   * Whether a faulty text may be believed: it has stood unchanged for a while, so nobody is in the
   * middle of writing it.
   */
  boolean believable(DiskFile found, long nanoTime, long patienceNanos) {
    DiskFile before = doubtful;
    if (before == null || !before.sameContent(found)) {
      doubtful = found;
      doubtfulSince = nanoTime;
      return false;
    }
    return nanoTime - doubtfulSince >= patienceNanos;
  }

  /** Nothing about the file is in doubt any more. */
  void clearDoubt() {
    doubtful = null;
  }

  /** Takes what the file says now and decides what is in force. */
  Set<String> accept(DiskFile found) {
    disk = found;
    doubtful = null;
    return settle();
  }

  /**
   * Decides again what is in force: what the file says if it is good, else the last good version.
   *
   * @return names of the properties that have changed
   */
  Set<String> settle() {
    Map<String, Object> before = values;
    ConfigDocument onDisk = disk.document();
    if (disk.absent()) {
      use(null, null);
      faults = List.of();
    } else if (onDisk == null) {
      faults = disk.faults();
      fallBack();
    } else {
      try {
        use(onDisk, check(onDisk));
        faults = List.of();
      } catch (ConfigException e) {
        faults = e.faults();
        fallBack();
      }
    }
    return changedKeys(before, values);
  }

  private void use(@Nullable ConfigDocument document, @Nullable Map<String, Object> checked) {
    inForce = document;
    values = checked;
  }

  private Map<String, Object> check(ConfigDocument document) throws ConfigException {
    return Checker.values(pid, document, schemas.of(pid, factoryPid(document)));
  }

  private void fallBack() {
    ConfigDocument present = inForce;
    if (present != null && tryUse(present)) {
      return;
    }
    use(null, null);
    try {
      history.newest(pid, content -> tryUse(DiskFile.of(content).document()));
    } catch (IOException e) {
      LOG.warn("The earlier versions of {} cannot be read: {}", pid, e.toString());
    }
  }

  private boolean tryUse(@Nullable ConfigDocument document) {
    if (document == null) {
      return false;
    }
    try {
      use(document, check(document));
      return true;
    } catch (ConfigException e) {
      LOG.debug("An earlier version of {} is not good: {}", pid, e.getMessage());
      return false;
    }
  }

  private static Set<String> changedKeys(
      @Nullable Map<String, Object> before, @Nullable Map<String, Object> after) {
    Map<String, Object> old = before == null ? Map.of() : before;
    Map<String, Object> now = after == null ? Map.of() : after;
    Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    keys.addAll(old.keySet());
    keys.addAll(now.keySet());
    keys.removeIf(key -> sameValue(old.get(key), now.get(key)));
    return keys;
  }

  private static boolean sameValue(@Nullable Object a, @Nullable Object b) {
    return a != null && b != null && Values.plain(a).equals(Values.plain(b));
  }

  /** What is wrong with the file and what follows, for people. */
  List<String> complaints(String file) {
    List<String> complaints = new ArrayList<>();
    String follows =
        values == null
            ? "; there is no earlier good version, so nothing of it is in force"
            : "; the last good version stays in force";
    faults.forEach(fault -> complaints.add(fault.in(file) + follows));
    ConfigDocument onDisk = disk.document();
    if (faults.isEmpty() && onDisk != null) {
      Checker.unknownKeys(onDisk, schema()).forEach(fault -> complaints.add(fault.in(file)));
    }
    return complaints;
  }
}
