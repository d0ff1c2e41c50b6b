package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/**
 * A person at the console of a running demo, in Debian's Chromium. Each test begins with a demo of
 * its own that has been claimed, its administrator logged in at the points.
 */
public abstract class BrowserTest {
  /** By then what happens by itself has happened, on a busy machine too. */
  static final Duration SOON = Duration.ofSeconds(60);

  /** For files of the test; what the browser downloads comes here. */
  Path work;

  DemoProcess demo;
  Chromium chromium;
  ChromeDriver browser;

  /** Starts it all. */
  @Before
  public final void startTheDemo() throws Exception {
    Files.createDirectories(Image.WORK);
    work = Files.createTempDirectory(Image.WORK, "browser");
    demo = new DemoProcess(getClass().getSimpleName());
    prepare();
    demo.start();
    demo.awaitLine("Console:");
    chromium = new Chromium();
    chromium.downloadTo(work);
    browser = chromium.driver;
    chromium.claim(demo);
    chromium.forgetErrors();
  }

  /** What must be there before the demo starts. */
  void prepare() throws Exception {}

  /** Ends it all, however far it came. */
  @After
  public final void stopTheDemo() {
    if (chromium != null) {
      chromium.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  /** Goes to a page. */
  final void open(String path) {
    browser.get(demo.url() + path);
  }

  final WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  final Select select(String id) {
    return new Select(browser.findElement(By.id(id)));
  }

  /** Chooses what may not be among the options yet. */
  final void choose(String id, String value) {
    await().ignoreExceptions().untilAsserted(() -> select(id).selectByValue(value));
  }

  /** A field of the dialog that is open. */
  final WebElement field(String name) {
    return find("dialog [name='" + name + "']");
  }

  /** Sends the dialog off. */
  final void submit() {
    find("dialog [type=submit]").click();
  }

  /** Clicks on Save as soon as that is possible. */
  final void save() {
    await().until(() -> browser.findElement(By.id("save")).isEnabled());
    chromium.click("save");
  }

  final void awaitUrl(String part) {
    await().atMost(SOON).untilAsserted(() -> assertThat(browser.getCurrentUrl()).contains(part));
  }

  final void awaitThat(BooleanSupplier so) {
    await().atMost(SOON).until(so::getAsBoolean);
  }

  /** Awaits a value of a point and then another one. */
  final void awaitChange(String selector, String first) {
    awaitThat(() -> chromium.text(selector).matches(first));
    String before = chromium.text(selector);
    awaitThat(
        () -> {
          String now = chromium.text(selector);
          return now.matches(first) && !now.equals(before);
        });
  }
}
