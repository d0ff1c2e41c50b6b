package io.snaprail.storage.internal.config;

import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.cm.PersistenceManager;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Lets Felix Configuration Admin keep its configurations in the folder. What Configuration Admin
 * keeps for itself (revisions, the lock, bindings to bundle locations, configurations that were
 * made and never filled) stays in memory: it has no place in files that people read, and nothing of
 * it is needed after a restart.
 *
 * <p>Every configuration has the location {@code ?}: whatever bundle needs it may have it, so that
 * a driver may be replaced by one from another place.
 */
final class FolderPersistenceManager implements PersistenceManager {
  /** Value of the service property {@code name} and of {@code felix.cm.pm}. */
  static final String NAME = "snaprail";

  /** Marks a configuration that was created but never updated; see Felix's ConfigurationImpl. */
  private static final String NEW = "_felix_.cm.newConfiguration";

  private static final String OWN_PREFIX = ":org.apache.felix.configadmin.";
  private static final String ANY_LOCATION = "?";

  private final ConfigFolder folder;
  private final ThreadLocal<Boolean> publishing = ThreadLocal.withInitial(() -> false);

  /** Dictionaries that are no configurations of anyone, by the name Felix gives them. */
  private final Map<String, Map<String, Object>> own = new ConcurrentHashMap<>();

  /** What Felix wants to find again of a configuration, besides its properties, by PID. */
  private final Map<String, Map<String, Object>> extras = new ConcurrentHashMap<>();

  FolderPersistenceManager(ConfigFolder folder) {
    this.folder = folder;
  }

  /** Something that talks to Configuration Admin. */
  @FunctionalInterface
  interface Talk {
    void run() throws IOException;
  }

  /**
   * Runs something that tells Configuration Admin what the folder says: what comes back from it on
   * this thread is an echo and touches no file.
   */
  void publishing(Talk talk) throws IOException {
    publishing.set(true);
    try {
      talk.run();
    } finally {
      publishing.set(false);
    }
  }

  @Override
  public boolean exists(String pid) {
    return own.containsKey(pid) || folder.values(pid) != null;
  }

  @Override
  public Dictionary<String, Object> load(String pid) throws IOException {
    Dictionary<String, Object> found = find(pid);
    if (found == null) {
      throw new IOException("there is no configuration " + pid);
    }
    return found;
  }

  private @Nullable Dictionary<String, Object> find(String pid) {
    Map<String, Object> values = folder.values(pid);
    if (values == null) {
      Map<String, Object> internal = own.get(pid);
      return internal == null ? null : FrameworkUtil.asDictionary(new LinkedHashMap<>(internal));
    }
    Map<String, Object> all = withPids(pid, values);
    Map<String, Object> extra = extras.get(pid);
    if (extra == null) {
      all.put(ConfigurationAdmin.SERVICE_BUNDLELOCATION, ANY_LOCATION);
    } else {
      all.putAll(extra);
    }
    return FrameworkUtil.asDictionary(all);
  }

  private static Map<String, Object> withPids(String pid, Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.put(Constants.SERVICE_PID, pid);
    String factoryPid = Pid.factoryOf(pid);
    if (factoryPid != null) {
      all.put(ConfigurationAdmin.SERVICE_FACTORYPID, factoryPid);
    }
    return all;
  }

  /** Properties with the PIDs that go with them. */
  static Dictionary<String, Object> dictionary(String pid, Map<String, Object> values) {
    return FrameworkUtil.asDictionary(withPids(pid, values));
  }

  @Override
  public Enumeration<Dictionary<String, Object>> getDictionaries() {
    Set<String> pids = new TreeSet<>(folder.pids());
    pids.addAll(own.keySet());
    List<Dictionary<String, Object>> all =
        pids.stream().map(this::find).filter(Objects::nonNull).toList();
    return Collections.enumeration(all);
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public void store(String pid, Dictionary properties) throws IOException {
    Map<String, Object> copy = copy(properties);
    boolean configuration = pid.equals(copy.get(Constants.SERVICE_PID));
    if (!configuration || copy.containsKey(NEW)) {
      // A configuration that is there already is not made new by being asked for.
      if (folder.values(pid) == null) {
        own.put(pid, copy);
      }
      return;
    }
    Map<String, Object> extra = new LinkedHashMap<>();
    Map<String, Object> values = new LinkedHashMap<>();
    copy.forEach((key, value) -> (isExtra(key) ? extra : values).put(key, value));
    values.remove(Constants.SERVICE_PID);
    if (Pid.factoryOf(pid) != null) {
      values.remove(ConfigurationAdmin.SERVICE_FACTORYPID);
    }
    if (!publishing.get()) {
      folder.store(pid, values);
    }
    extras.put(pid, extra);
    own.remove(pid);
  }

  private static boolean isExtra(String key) {
    return key.startsWith(OWN_PREFIX) || key.equals(ConfigurationAdmin.SERVICE_BUNDLELOCATION);
  }

  private static Map<String, Object> copy(Dictionary<?, ?> properties) {
    Map<String, Object> copy = new LinkedHashMap<>();
    for (Object key : Collections.list(properties.keys())) {
      Object value = properties.get(key);
      if (value != null) {
        copy.put(key.toString(), value);
      }
    }
    return copy;
  }

  @Override
  public void delete(String pid) throws IOException {
    own.remove(pid);
    extras.remove(pid);
    if (!publishing.get()) {
      folder.delete(pid);
    }
  }
}
