package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A person sets a serial sensor up with the console alone, in Chromium, from a preset. */
public class ConsoleSensorIT extends BrowserTest {
  private static final String DRIVER = "io.snaprail.driver.serial";

  private GpsReceiver receiver;

  @Override
  void prepare() throws Exception {
    receiver = new GpsReceiver();
  }

  @After
  public void stopTheReceiver() throws Exception {
    if (receiver != null) {
      receiver.close();
    }
  }

  @Test
  public void aSensorIsSetUpFromAPresetTriedTestedSavedAndWatchedWithTheConsoleAlone()
      throws Exception {
    choosePreset();
    tryTheExample();
    watchThePortBeforeSaving();
    tryWhatWasHeard();
    test();
    saveIt();
    seeValuesMove();
    watchTheRunningDevice();
    assertThat(chromium.api("/metrics")).contains("snaprail_serial_frames_good_total{");
    chromium.assertNoErrors("the pages of a serial sensor");
  }

  private void choosePreset() throws Exception {
    open("/setup");
    choose("driver", DRIVER);
    select("preset").selectByValue("nmea-gps");
    chromium.awaitText("#preset-about", "GPS 18 Technical Specifications");
    assertThat(select("field-checksum").getFirstSelectedOption().getDomProperty("value"))
        .isEqualTo("xor");
    chromium.awaitText("#rows-count", "11 good, 0 with errors");
    // A checksum of 8 bits is named as weak before anything is saved.
    chromium.awaitText("#notes", "xor is weak");
    chromium.screenshot("sensor-preset");
  }

  private WebElement tool(String id) {
    return find("[data-tool=" + id + "]");
  }

  private static void press(WebElement in, String button) {
    in.findElement(By.xpath(".//button[normalize-space()='" + button + "']")).click();
  }

  private void show(WebElement element) {
    browser.executeScript("arguments[0].scrollIntoView({block: 'start'})", element);
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
    return browser.findElements(By.cssSelector("[data-tool=" + tool + "] tbody tr")).size();
  }

  private void tryWhatWasHeard() {
    press(tool("monitor"), "Try what was heard");
    chromium.awaitText("[data-tool=try] .results", "11 of 11 points have a value");
    assertThat(chromium.text("[data-tool=try] .results")).contains("skipped", "result");
    press(tool("monitor"), "Stop");
    chromium.awaitText("[data-tool=monitor] .runline", "Ended");
  }

  private void test() throws Exception {
    show(browser.findElement(By.id("test")));
    chromium.click("test");
    chromium.awaitText("#test-result", "11 points read");
    assertThat(Files.exists(file())).isFalse();
    chromium.screenshot("sensor-tested");
  }

  private Path file() {
    return demo.config.resolve(DRIVER + "~gps.json");
  }

  private void saveIt() throws Exception {
    chromium.type("name", "gps");
    chromium.click("save");
    awaitUrl("/device?name=gps");
    assertThat(Files.readString(file()))
        .contains("\"port\": \"" + receiver.port() + "\"", "\"checksum\": \"xor\"", "latitude");
  }

  private void seeValuesMove() throws Exception {
    chromium.awaitText("#state", "Online");
    awaitChange("tr[data-point=latitude] .value", "(?s)48\\..*");
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
