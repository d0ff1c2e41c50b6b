package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium, without a screen, and what the tests do with it. */
final class Chromium implements AutoCloseable {
  static final String USER = "operator";
  static final String PASSWORD = "correct horse battery";

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

  final ChromeDriver driver;

  Chromium() {
    Program.require(CHROMIUM, "chromium");
    Program.require(CHROMEDRIVER, "chromium-driver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.setAcceptInsecureCerts(true);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().implicitlyWait(Duration.ofSeconds(10));
  }

  /** Where files go that a page hands out. */
  void downloadTo(Path folder) {
    driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toString()));
  }

  /** The first visit: claims the gateway and is logged in as its administrator. */
  void claim(DemoProcess demo) {
    driver.get(demo.url() + "/");
    await().until(() -> driver.getCurrentUrl().contains("/claim"));
    type("token", demo.claimToken());
    type("name", USER);
    type("password", PASSWORD);
    type("repeat", PASSWORD);
    click("submit");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(driver.getCurrentUrl()).contains("/points"));
  }

  void type(String id, String text) {
    WebElement field = driver.findElement(By.id(id));
    field.clear();
    field.sendKeys(text);
  }

  void click(String id) {
    driver.findElement(By.id(id)).click();
  }

  /** What a person sees of an element, read in one step: parts of it may be replaced meanwhile. */
  String text(String selector) {
    return String.valueOf(
        driver.executeScript(
            "const found = document.querySelector(arguments[0]);"
                + "return found ? found.innerText : '';",
            selector));
  }

  /** Waits until something is seen. */
  void awaitText(String selector, String part) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(text(selector)).as(selector).contains(part));
  }

  /** Reads the API as the page does: in the browser, with its session. */
  String api(String path) {
    return String.valueOf(
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "fetch(arguments[0]).then(r => r.text()).then(done, e => done(String(e)));",
            path));
  }

  /** Nothing broke the page's security policy, and nothing that it names was missing. */
  void assertNoErrors(String what) {
    assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
        .as("errors of " + what)
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .isEmpty();
  }

  void forgetErrors() {
    driver.manage().logs().get(LogType.BROWSER);
  }

  void screenshot(String name) throws Exception {
    Path folder = Files.createDirectories(Image.WORK.resolve("screenshots"));
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
