package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** A person sets a serial sensor up with the console alone, in Chromium, from a preset. */
public class ConsoleSensorIT {
  private static final String DRIVER = "io.snaprail.driver.serial";

  private GpsReceiver receiver;
  private DemoProcess demo;
  private Chromium chromium;

  @Before
  public void start() throws Exception {
    receiver = new GpsReceiver();
    demo = new DemoProcess("sensor").start();
    demo.awaitLine("Console:");
    chromium = new Chromium();
  }

  @After
  public void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    if (demo != null) {
      demo.close();
    }
    receiver.close();
  }

  @Test
  public void aSensorIsSetUpFromAPresetTriedTestedSavedAndWatchedWithTheConsoleAlone()
      throws Exception {
    chromium.claim(demo);
    chromium.forgetErrors();
    choosePreset();
    tryTheExample();
    watchThePortBeforeSaving();
    tryWhatWasHeard();
    test();
    save();
    seeValuesMove();
    watchTheRunningDevice();
    assertThat(chromium.api("/metrics")).contains("snaprail_serial_frames_good_total{");
    chromium.assertNoErrors("the pages of a serial sensor");
  }

  private void choosePreset() throws Exception {
    chromium.driver.get(demo.url() + "/setup");
    await().ignoreExceptions().untilAsserted(() -> select("driver").selectByValue(DRIVER));
    select("preset").selectByValue("nmea-gps");
    chromium.awaitText("#preset-about", "GPS 18 Technical Specifications");
    assertThat(select("field-checksum").getFirstSelectedOption().getDomProperty("value"))
        .isEqualTo("xor");
    chromium.awaitText("#rows-count", "11 good, 0 with errors");
    // A checksum of 8 bits is named as weak before anything is saved.
    chromium.awaitText("#notes", "xor is weak");
    chromium.screenshot("sensor-preset");
  }

  private Select select(String id) {
    return new Select(chromium.driver.findElement(By.id(id)));
  }

  private WebElement tool(String id) {
    return chromium.driver.findElement(By.cssSelector("[data-tool=" + id + "]"));
  }

  private static void press(WebElement in, String button) {
    in.findElement(By.xpath(".//button[normalize-space()='" + button + "']")).click();
  }

  private void show(WebElement element) {
    chromium.driver.executeScript("arguments[0].scrollIntoView({block: 'start'})", element);
  }

  /** No port is chosen yet. */
  private void tryTheExample() throws Exception {
    WebElement tool = tool("try");
    tool.findElement(By.tagName("summary")).click();
    press(tool, "Start");
    String results = "[data-tool=try] .results";
    chromium.awaitText(results, "2 frames; 11 of 11 points have a value");
    assertThat(chromium.text(results)).contains("48.1173 deg", "xor '6A' is right", "545.4 m");
    show(tool);
    chromium.screenshot("sensor-tried");
  }

  private void watchThePortBeforeSaving() throws Exception {
    chromium.type("field-port", receiver.port());
    WebElement tool = tool("monitor");
    tool.findElement(By.tagName("summary")).click();
    press(tool, "Start");
    String rows = "[data-tool=monitor] .livewrap";
    chromium.awaitText(rows, "$GPGGA,");
    chromium.awaitText(rows, "is right");
    chromium.awaitText(rows, "expected '");
    sendOnce(tool);
    press(tool, "Pause");
    int before = rowsOf("monitor");
    chromium.awaitText("[data-tool=monitor] .runline", "paused");
    assertThat(rowsOf("monitor")).isEqualTo(before);
    press(tool, "Go on");
    await().until(() -> rowsOf("monitor") > before);
    show(tool);
    chromium.screenshot("sensor-monitor");
  }

  private void sendOnce(WebElement tool) {
    tool.findElement(By.cssSelector(".sendline input")).sendKeys("$PGRMO,GPGSV,0\\r\\n");
    press(tool, "Send once");
    chromium.awaitText("[data-tool=monitor] .livewrap", "$PGRMO,GPGSV,0\\r\\n");
    await().until(() -> receiver.heard().equals("$PGRMO,GPGSV,0\r\n"));
  }

  private int rowsOf(String tool) {
    return chromium.driver.findElements(By.cssSelector("[data-tool=" + tool + "] tbody tr")).size();
  }

  private void tryWhatWasHeard() {
    press(tool("monitor"), "Try what was heard");
    chromium.awaitText("[data-tool=try] .results", "11 of 11 points have a value");
    assertThat(chromium.text("[data-tool=try] .results")).contains("skipped", "result");
    press(tool("monitor"), "Stop");
    chromium.awaitText("[data-tool=monitor] .runline", "Ended");
  }

  private void test() throws Exception {
    show(chromium.driver.findElement(By.id("test")));
    chromium.click("test");
    chromium.awaitText("#test-result", "11 points read");
    assertThat(Files.exists(file())).isFalse();
    chromium.screenshot("sensor-tested");
  }

  private Path file() {
    return demo.config.resolve(DRIVER + "~gps.json");
  }

  private void save() throws Exception {
    chromium.type("name", "gps");
    chromium.click("save");
    await().until(() -> chromium.driver.getCurrentUrl().contains("/device?name=gps"));
    assertThat(Files.readString(file()))
        .contains("\"port\": \"" + receiver.port() + "\"", "\"checksum\": \"xor\"", "latitude");
  }

  private void seeValuesMove() throws Exception {
    chromium.awaitText("#state", "Online");
    String latitude = "tr[data-point=latitude] .value";
    await().atMost(Duration.ofSeconds(20)).until(() -> chromium.text(latitude).startsWith("48."));
    String before = chromium.text(latitude);
    await().atMost(Duration.ofSeconds(10)).until(() -> !chromium.text(latitude).equals(before));
    chromium.awaitText("[data-key=frames_good]", "Frames good");
    chromium.awaitText("#facts", "weak");
    chromium.screenshot("sensor-device");
  }

  /** It has the port, and goes on having it. */
  private void watchTheRunningDevice() throws Exception {
    await().until(() -> tool("monitor").isDisplayed());
    WebElement tool = tool("monitor");
    tool.findElement(By.tagName("summary")).click();
    press(tool, "Start");
    chromium.awaitText("[data-tool=monitor] .livewrap", "$GPRMC,");
    chromium.awaitText("#state", "Online");
    show(tool);
    chromium.screenshot("sensor-device-monitor");
    press(tool, "Stop");
    chromium.awaitText("#state", "Online");
    assertThat(chromium.api("/api/v1/points/gps/latitude")).contains("\"GOOD\"");
  }
}
