package io.snaprail.deploy.internal.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.deploy.testing.TestBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;

/** A gateway that is still starting: one of its bundles takes its time at level 3. */
class FrameworkBundlesTest {
  private static final int LEVEL = 3;
  private static final long SOON_S = 20;

  @TempDir Path folder;
  private final CountDownLatch starting = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Framework framework;
  private FrameworkBundles bundles;
  private Thread launcher;

  @BeforeEach
  void startHalfWay() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    folder.resolve("felix").toString(),
                    "org.osgi.framework.startlevel.beginning",
                    Integer.toString(LEVEL + 1),
                    "felix.log.level",
                    "0"));
    framework.init();
    BundleContext context = framework.getBundleContext();
    bundles = new FrameworkBundles(context, new Guard("", false));
    bundles.start(bundles.install(place("slow")));
    context.addBundleListener(
        (SynchronousBundleListener)
            event -> {
              if (event.getType() == BundleEvent.STARTING
                  && "slow".equals(event.getBundle().getSymbolicName())) {
                starting.countDown();
                awaitUninterrupted();
              }
            });
    launcher = new Thread(this::launch, "launcher");
    launcher.start();
    assertThat(starting.await(SOON_S, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void bundleOfALaterLevelStartsThen() throws Exception {
    FrameworkBundles.Place place = place("later");
    Bundle later = bundles.install(new FrameworkBundles.Place(place.location(), LEVEL + 1));
    bundles.start(later);
    assertThat(later.getState()).isEqualTo(Bundle.INSTALLED);
    goOn.countDown();
    launcher.join(SOON_S * 1_000);
    assertThat(later.getState()).isEqualTo(Bundle.ACTIVE);
  }

  private void launch() {
    try {
      framework.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitUninterrupted() {
    try {
      goOn.await(SOON_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private FrameworkBundles.Place place(String name) throws Exception {
    Path jar = new TestBundle(name, "1.0.0").write(folder.resolve(name + ".jar"));
    return new FrameworkBundles.Place(FrameworkBundles.location(jar), LEVEL);
  }

  @AfterEach
  void stop() throws Exception {
    goOn.countDown();
    launcher.join(SOON_S * 1_000);
    framework.stop();
    framework.waitForStop(SOON_S * 1_000);
  }

  @Test
  void bundleRunsAsSoonAsItIsStarted() throws Exception {
    Bundle fresh = bundles.install(place("fresh"));
    bundles.start(fresh);
    assertThat(fresh.getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void startOfTheRestIsAwaited() throws Exception {
    bundles.awaitStart(Duration.ofMillis(10));
    assertThat(framework.getState()).isEqualTo(Bundle.STARTING);
    Thread waiting = new Thread(this::awaitStart, "waiting");
    waiting.start();
    goOn.countDown();
    waiting.join(SOON_S * 1_000);
    assertThat(waiting.isAlive()).isFalse();
    assertThat(framework.getState()).isEqualTo(Bundle.ACTIVE);
  }

  private void awaitStart() {
    try {
      bundles.awaitStart(Duration.ofSeconds(2 * SOON_S));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
