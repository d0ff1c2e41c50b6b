package io.snaprail.storage.internal.config;

import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ReadOnlyConfigurationException;

/**
 * Tells Configuration Admin what the folder says. Several threads may ask; one at a time tells.
 * Holds no lock of the folder while it does, because Configuration Admin calls back into it.
 */
final class Publisher {
  private static final int MAX_ROUNDS = 3;

  private final ConfigFolder folder;
  private final FolderPersistenceManager manager;
  private final Supplier<@Nullable ConfigurationAdmin> admin;
  private final Set<String> waiting = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Map<String, String> failures = Collections.synchronizedMap(new TreeMap<>());
  private final Object turn = new Object();

  Publisher(
      ConfigFolder folder,
      FolderPersistenceManager manager,
      Supplier<@Nullable ConfigurationAdmin> admin) {
    this.folder = folder;
    this.manager = manager;
    this.admin = admin;
  }

  /** Takes note that a PID has changed. */
  void add(String pid) {
    waiting.add(pid);
  }

  /** Why PIDs could not be told, by PID. */
  Map<String, String> failures() {
    synchronized (failures) {
      return new TreeMap<>(failures);
    }
  }

  /**
   * Tells everything that waits; what fails because Configuration Admin is away goes on waiting.
   */
  void publish() {
    synchronized (turn) {
      List<String> pids;
      synchronized (waiting) {
        pids = List.copyOf(waiting);
      }
      ConfigurationAdmin present = pids.isEmpty() ? null : admin.get();
      if (present == null) {
        return;
      }
      for (String pid : pids) {
        waiting.remove(pid);
        publish(present, pid);
      }
    }
  }

  private void publish(ConfigurationAdmin present, String pid) {
    try {
      manager.publishing(() -> tell(present, pid));
      failures.remove(pid);
    } catch (IOException e) {
      fail(pid, String.valueOf(e.getMessage()));
    } catch (ReadOnlyConfigurationException e) {
      fail(pid, "the configuration is locked; unlock it and save the file again");
    } catch (IllegalStateException e) {
      // Configuration Admin stopped, or the configuration was deleted meanwhile: the next one that
      // comes, or the next look, is told.
      waiting.add(pid);
    }
  }

  private void fail(String pid, String why) {
    failures.put(pid, folder.display(folder.file(pid)) + " is not in force: " + why);
  }

  /** Once more if the folder has changed while it was told. */
  private void tell(ConfigurationAdmin present, String pid) throws IOException {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Map<String, Object> values = folder.values(pid);
      if (values == null) {
        withdraw(present, pid);
      } else {
        update(present, pid, values);
      }
      if (Values.same(values, folder.values(pid))) {
        return;
      }
    }
    waiting.add(pid);
  }

  private static void withdraw(ConfigurationAdmin present, String pid) throws IOException {
    Configuration configuration = find(present, pid);
    if (configuration != null) {
      configuration.delete();
    }
  }

  private static void update(ConfigurationAdmin present, String pid, Map<String, Object> values)
      throws IOException {
    Dictionary<String, Object> wanted = FolderPersistenceManager.dictionary(pid, values);
    Configuration configuration = find(present, pid);
    if (configuration == null) {
      configuration = create(present, pid, values);
    }
    configuration.updateIfDifferent(wanted);
  }

  private static @Nullable Configuration find(ConfigurationAdmin present, String pid)
      throws IOException {
    String escaped = pid.replaceAll("([\\\\*()])", "\\\\$1");
    try {
      Configuration[] found =
          present.listConfigurations("(" + Constants.SERVICE_PID + "=" + escaped + ")");
      return found == null ? null : found[0];
    } catch (InvalidSyntaxException e) {
      throw new IOException("the PID '" + pid + "' cannot be searched for", e);
    }
  }

  private static Configuration create(
      ConfigurationAdmin present, String pid, Map<String, Object> values) throws IOException {
    String factoryPid = Pid.factoryOf(pid);
    if (factoryPid != null) {
      String name = pid.substring(factoryPid.length() + 1);
      return present.getFactoryConfiguration(factoryPid, name, "?");
    }
    if (values.containsKey(ConfigurationAdmin.SERVICE_FACTORYPID)) {
      throw new IOException(
          "a new configuration of a factory takes effect at the next start only; name the file"
              + " FACTORY~NAME.json to have it now");
    }
    return present.getConfiguration(pid, "?");
  }
}
