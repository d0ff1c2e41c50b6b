package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.After;
import org.junit.Test;
import org.openqa.selenium.By;

/** A person sets a device up with the console alone, in Chromium, against pymodbus. */
public class ConsoleSetUpIT extends BrowserTest {
  private static final Path SERVER =
      Path.of(System.getProperty("snaprail.work"))
          .resolve("../../src/test/python/changing_server.py");

  private static final String TWO_BAD_ROWS =
      """
      name,address,type,order,scale,offset,unit
      counter,holding:0,uint16
      temperature,holding:1,int16,,0.1,,°C
      level,holding:4
      flow,holding:5,uint16,,zero
      """;

  private int port;
  private Program server;

  @Override
  void prepare() throws Exception {
    Program.requirePython(
        "pymodbus.server", "python3-pymodbus, python3-serial and python3-serial-asyncio");
    port = Ports.free();
    server = Program.start("/usr/bin/python3", SERVER, port);
  }

  @After
  public void stopTheServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  public void aDeviceIsSetUpTestedSavedSeenAndRemovedWithTheConsoleAlone() throws Exception {
    fillTheForm();
    testBeforeSaving();
    saveIt();
    seeValuesMoveAndTheWrongRegisterApart();
    seeItsBus();
    refuseASecondOfTheName();
    remove();
    chromium.assertNoErrors("the pages of the field side");
  }

  private void fillTheForm() {
    open("/devices");
    chromium.click("add");
    choose("driver", "io.snaprail.driver.modbus.tcp");
    chromium.type("field-host", "127.0.0.1");
    chromium.type("field-port", Integer.toString(port));
    find("#rows-box summary").click();
    chromium.type(
        "rows-text",
        """
        counter,holding:0,uint16
        temperature,holding:1,int16,,0.1,,°C
        wrong,holding:3,uint16
        last,holding:5,uint16\
        """);
    chromium.awaitText("#rows-count", "4 good, 0 with errors");
  }

  private void testBeforeSaving() throws Exception {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              // The server may not listen yet; the second try tells.
              chromium.click("test");
              chromium.awaitText("#test-result", "21.5");
            });
    String result = chromium.text("#test-result");
    assertThat(result).contains("65535", "wrong", "exception 2");
    assertThat(chromium.api("/api/v1/devices")).doesNotContain("rig");
    assertThat(Files.exists(file())).isFalse();
    chromium.screenshot("setup-tested");
  }

  private Path file() {
    return demo.config.resolve("io.snaprail.driver.modbus.tcp~rig.json");
  }

  private void saveIt() throws Exception {
    chromium.type("name", "rig");
    chromium.click("save");
    awaitUrl("/device?name=rig");
    assertThat(Files.readString(file()))
        .contains("\"host\": \"127.0.0.1\"", "temperature,holding:1,int16");
  }

  private void seeValuesMoveAndTheWrongRegisterApart() throws Exception {
    chromium.awaitText("#state", "Online");
    awaitChange("tr[data-point=counter] .value", "\\d+");
    chromium.awaitText("tr[data-point=temperature]", "21.5");
    chromium.awaitText("tr[data-point=wrong]", "exception 2");
    By wrong = By.cssSelector("#picture .quarantined[aria-label*='wrong']");
    awaitThat(() -> !browser.findElements(wrong).isEmpty());
    assertThat(browser.findElements(By.cssSelector("#picture .bar .point"))).isNotEmpty();
    chromium.screenshot("device-rig");
  }

  private void seeItsBus() throws Exception {
    open("/buses");
    String bus = "[data-bus$=':" + port + "']";
    chromium.awaitText(bus, "in use");
    chromium.screenshot("buses-rig");
  }

  private void refuseASecondOfTheName() {
    open("/setup");
    choose("driver", "io.snaprail.driver.modbus.tcp");
    chromium.type("field-host", "127.0.0.9");
    chromium.type("name", "rig");
    chromium.click("save");
    chromium.awaitText("#save-result", "already");
    chromium.forgetErrors(); // the browser notes the refusal
  }

  private void remove() {
    open("/setup?pid=io.snaprail.driver.modbus.tcp%7Erig");
    await().until(() -> browser.findElement(By.id("remove")).isDisplayed());
    chromium.click("remove");
    browser.switchTo().alert().accept();
    awaitUrl("/devices");
    await().until(() -> !chromium.api("/api/v1/devices").contains("\"rig\""));
    assertThat(Files.exists(file())).isFalse();
  }

  @Test
  public void aRegisterMapIsUploadedCorrectedAndExportedAgain() throws Exception {
    Path csv = Image.WORK.resolve("rig.csv");
    Files.writeString(csv, TWO_BAD_ROWS);
    open("/maps");
    chromium.forgetErrors();
    browser.findElement(By.id("file")).sendKeys(csv.toString());
    chromium.awaitText("#count", "2 good rows, 2 errors");
    assertThat(chromium.text("#map-text-errors")).contains("Line 4", "type", "Line 5", "scale");
    chromium.screenshot("maps-errors");
    chromium.click("save");
    chromium.awaitText("#edit-result", "Saved");
    assertThat(Files.readString(demo.config.resolve("maps/rig.csv"))).isEqualTo(TWO_BAD_ROWS);
    chromium.awaitText("[data-map='rig.csv']", "own");
    useIt();
    assertThat(chromium.api("/api/v1/devices/rig/map.csv"))
        .contains("counter,holding:0,uint16", "temperature,holding:1,int16", "°C")
        .doesNotContain("flow");
    chromium.assertNoErrors("the register maps");
  }

  private void useIt() {
    open("/setup");
    choose("driver", "io.snaprail.driver.modbus.tcp");
    chromium.type("field-host", "127.0.0.1");
    chromium.type("field-port", Integer.toString(port));
    select("map").selectByValue("rig.csv");
    chromium.type("name", "rig");
    chromium.click("save");
    awaitUrl("/device?name=rig");
    chromium.awaitText("tr[data-point=temperature]", "21.5");
  }
}
