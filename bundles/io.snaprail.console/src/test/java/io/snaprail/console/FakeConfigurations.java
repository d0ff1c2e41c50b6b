package io.snaprail.console;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** As much of Configuration Admin as the console uses, in memory. */
final class FakeConfigurations implements ConfigurationAdmin {
  final Map<String, Dictionary<String, Object>> saved = new TreeMap<>();

  /** What the storage says to the next change; null lets it pass. */
  volatile String refusal;

  /** A configuration as a person would put it into the folder. */
  void put(String pid, Map<String, Object> settings) {
    saved.put(pid, FrameworkUtil.asDictionary(new LinkedHashMap<>(settings)));
  }

  private Configuration configuration(String pid) {
    return (Configuration)
        Proxy.newProxyInstance(
            Configuration.class.getClassLoader(),
            new Class<?>[] {Configuration.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getPid" -> pid;
                  case "getProperties" -> properties(pid);
                  case "update" -> {
                    refuse();
                    @SuppressWarnings("unchecked") // as the interface has it
                    Dictionary<String, Object> given = (Dictionary<String, Object>) arguments[0];
                    saved.put(pid, given);
                    yield null;
                  }
                  case "delete" -> {
                    refuse();
                    saved.remove(pid);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private void refuse() throws IOException {
    if (refusal != null) {
      throw new IOException(refusal);
    }
  }

  private Dictionary<String, Object> properties(String pid) {
    Dictionary<String, Object> own = saved.get(pid);
    Map<String, Object> all = new LinkedHashMap<>();
    Collections.list(own.keys()).forEach(key -> all.put(key, own.get(key)));
    all.put("service.pid", pid);
    all.put("service.factoryPid", pid.substring(0, pid.indexOf('~')));
    return FrameworkUtil.asDictionary(all);
  }

  @Override
  public Configuration getFactoryConfiguration(String factoryPid, String name, String location) {
    return configuration(factoryPid + "~" + name);
  }

  @Override
  public Configuration[] listConfigurations(String filter) {
    String value = filter.substring(filter.indexOf('=') + 1, filter.length() - 1);
    if (filter.startsWith("(service.factoryPid=")) {
      return saved.keySet().stream()
          .filter(pid -> pid.startsWith(value + "~"))
          .map(this::configuration)
          .toArray(Configuration[]::new);
    }
    String pid = value;
    return saved.containsKey(pid) ? new Configuration[] {configuration(pid)} : null;
  }

  @Override
  public Configuration createFactoryConfiguration(String factoryPid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Configuration createFactoryConfiguration(String factoryPid, String location) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Configuration getConfiguration(String pid, String location) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Configuration getConfiguration(String pid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Configuration getFactoryConfiguration(String factoryPid, String name) {
    throw new UnsupportedOperationException();
  }
}
