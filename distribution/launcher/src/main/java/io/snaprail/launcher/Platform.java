package io.snaprail.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Makes the platform's bundles those that the features name. What was deployed is forgotten: the
 * deployment brings it back once it has checked it. Bundles that were installed in another way,
 * such as by hand in the console, stay, but start last, when it is known whether they may.
 */
final class Platform {
  /** Platform bundles, and what is deployed, are used where they lie and not copied. */
  private static final String PREFIX = "reference:";

  private final BundleContext context;
  private final Path folder;

  Platform(BundleContext context, Path folder) {
    this.context = context;
    this.folder = folder;
  }

  void install(List<Feature> features) throws LaunchException, BundleException {
    Map<String, Integer> wanted = wanted(features);
    int last = wanted.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    Map<String, Bundle> present = new HashMap<>();
    for (Bundle bundle : context.getBundles()) {
      if (!bundle.getLocation().startsWith(PREFIX)) {
        if (bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
          bundle.adapt(BundleStartLevel.class).setStartLevel(last);
        }
        continue;
      }
      if (wanted.containsKey(bundle.getLocation())) {
        present.put(bundle.getLocation(), bundle);
      } else {
        bundle.uninstall();
      }
    }
    for (Map.Entry<String, Integer> entry : wanted.entrySet()) {
      Bundle bundle = present.get(entry.getKey());
      if (bundle == null) {
        bundle = context.installBundle(entry.getKey());
      }
      bundle.adapt(BundleStartLevel.class).setStartLevel(entry.getValue());
      if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      }
    }
  }

  /** Locations and start levels; what two features name is installed once, at its lower level. */
  private Map<String, Integer> wanted(List<Feature> features) throws LaunchException {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (Feature feature : features) {
      for (Feature.Entry entry : feature.bundles()) {
        Path jar = folder.resolve(entry.fileName());
        if (!Files.isRegularFile(jar)) {
          throw new LaunchException(
              "bundle " + entry.id() + ": expected the file " + jar + ", which is not there");
        }
        wanted.merge(PREFIX + jar.toUri(), entry.startOrder(), Math::min);
      }
    }
    return wanted;
  }
}
