package io.snaprail.deploy.testing;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What is in the bundles that tests deploy; their manifests say what it does. */
public final class TestActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    if ("start".equals(context.getBundle().getHeaders("").get("X-Fail"))) {
      throw new IllegalStateException("this version does not start");
    }
  }

  @Override
  public void stop(BundleContext context) {
    // It has nothing to give back.
  }
}
