package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/**
 * The pages of the local endpoint in Debian's Chromium: a person makes a thing, a policy and a
 * certificate, and openssl and Mosquitto's clients are the device.
 */
public class LocalEndpointIT {
  private static final Path PUBLISHER = Path.of("/usr/bin/mosquitto_pub");
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  private Path work;
  private DemoProcess demo;
  private Chromium chromium;
  private ChromeDriver browser;

  @Before
  public void start() throws Exception {
    Program.require(PUBLISHER, "mosquitto-clients");
    Program.require(OPENSSL, "openssl");
    Files.createDirectories(Image.WORK);
    work = Files.createTempDirectory(Image.WORK, "device");
    demo = new DemoProcess("endpoint").start();
    demo.awaitLine("Console:");
    chromium = new Chromium();
    browser = chromium.driver;
    browser.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", work.toString()));
  }

  @After
  public void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  public void aDeviceIsMadeConnectedWatchedAndSteeredWithTheConsoleAlone() throws Exception {
    chromium.claim(demo);
    chromium.forgetErrors();
    makeAThing();
    makeAPolicy();
    uploadARequestAndDownloadTheCertificate();
    seeInTheTestClientWhatTheDevicePublishes();
    publishToWhoeverHasSubscribed();
    askWhatThePolicyAllows();
    steerTheDeviceByItsShadow();
    chromium.assertNoErrors("the pages of the local endpoint");
  }

  private void open(String page) {
    browser.get(demo.url() + "/ext/localiot/" + page);
  }

  private WebElement field(String name) {
    return browser.findElement(By.cssSelector("dialog [name='" + name + "']"));
  }

  private void submit() {
    browser.findElement(By.cssSelector("dialog [type=submit]")).click();
  }

  private void makeAThing() throws Exception {
    // From the menu, as a person finds it.
    browser.get(demo.url() + "/points");
    browser.findElement(By.linkText("Local endpoint")).click();
    chromium.awaitText("#rows", "snaprail-demo");
    chromium.awaitText("#rows", "Connected");
    chromium.click("new-thing");
    field("name").sendKeys("pump");
    field("attributes").sendKeys("site = north");
    submit();
    chromium.awaitText("tr[data-thing='pump']", "site = north");
    chromium.screenshot("endpoint-things");
  }

  private void makeAPolicy() {
    open("policies");
    chromium.awaitText("#rows", "snaprail-demo-policy");
    chromium.click("new-policy");
    chromium.type("name", "pumps");
    await().until(() -> browser.findElement(By.id("save")).isEnabled());
    chromium.click("save");
    chromium.awaitText("#result", "pumps: created");
  }

  private void uploadARequestAndDownloadTheCertificate() throws Exception {
    Path request = work.resolve("pump.csr");
    Program.run(
        OPENSSL,
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=pump",
        "-keyout",
        work.resolve("pump.key"),
        "-out",
        request);
    open("certificates");
    chromium.awaitText("#rows", "CN=snaprail-demo");
    chromium.click("sign");
    browser.findElement(By.cssSelector("dialog input[type=file]")).sendKeys(request.toString());
    await().until(() -> field("csr").getDomProperty("value").contains("BEGIN"));
    new Select(field("thing")).selectByValue("pump");
    new Select(field("policy")).selectByValue("pumps");
    submit();
    chromium.awaitText("dialog pre", "BEGIN CERTIFICATE");
    chromium.click("download-certificate");
    await().atMost(Duration.ofSeconds(20)).until(() -> downloaded() != null);
    Files.copy(downloaded(), work.resolve("pump.pem"));
    Files.writeString(work.resolve("ca.pem"), chromium.api("/api/v1/ext/localiot/endpoint/roots"));
    assertThat(Program.run(OPENSSL, "x509", "-noout", "-subject", "-in", work.resolve("pump.pem")))
        .contains("pump");
    chromium.screenshot("endpoint-certificate");
  }

  private Path downloaded() throws Exception {
    return Image.list(work).stream()
        .filter(file -> file.getFileName().toString().endsWith("-certificate.pem.crt"))
        .findFirst()
        .orElse(null);
  }

  /** What the device does, with the certificate that was downloaded. */
  private void publish(String topic, String payload) throws Exception {
    Program.run(
        PUBLISHER,
        "-h",
        "localhost",
        "-p",
        demo.brokerPort,
        "--cafile",
        work.resolve("ca.pem"),
        "--cert",
        work.resolve("pump.pem"),
        "--key",
        work.resolve("pump.key"),
        "-i",
        "pump",
        "-q",
        "1",
        "-t",
        topic,
        "-m",
        payload);
  }

  private void seeInTheTestClientWhatTheDevicePublishes() throws Exception {
    open("client");
    chromium.type("filter", "pump/#");
    chromium.click("sub-button");
    chromium.awaitText("#filters", "pump/#");
    publish("pump/state", "{\"rpm\":1450}");
    chromium.awaitText("#messages", "pump/state");
    chromium.awaitText("#messages", "\"rpm\": 1450");
    new Select(browser.findElement(By.id("form"))).selectByValue("hex");
    chromium.awaitText("#messages", "7b 22 72 70 6d");
    new Select(browser.findElement(By.id("form"))).selectByValue("text");
    chromium.awaitText("#messages", "{\"rpm\":1450}");
    chromium.screenshot("endpoint-client");
  }

  private void publishToWhoeverHasSubscribed() throws Exception {
    try (Program device =
        Program.start(
            "/usr/bin/mosquitto_sub",
            "-h",
            "localhost",
            "-p",
            demo.brokerPort,
            "--cafile",
            work.resolve("ca.pem"),
            "--cert",
            work.resolve("pump.pem"),
            "--key",
            work.resolve("pump.key"),
            "-i",
            "pump",
            "-q",
            "1",
            "-t",
            "pump/command",
            "-v")) {
      chromium.type("topic", "pump/command");
      chromium.type("payload", "stop");
      // The device may not have subscribed yet: a person would press again, too.
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                chromium.click("pub-button");
                return device.line("pump/command stop") != null;
              });
    }
    chromium.awaitText("#messages", "stop");
  }

  private void askWhatThePolicyAllows() throws Exception {
    open("policies");
    WebElement who = browser.findElement(By.id("who"));
    await().until(() -> new Select(who).getOptions().size() > 1);
    String pump =
        new Select(who)
            .getOptions().stream()
                .filter(option -> option.getText().startsWith("pump"))
                .map(option -> option.getDomProperty("value"))
                .findFirst()
                .orElseThrow();
    new Select(who).selectByValue(pump);
    chromium.type("client-id", "pump");
    chromium.type("resource", "pump/state");
    browser.findElement(By.cssSelector("#try [type=submit]")).click();
    chromium.awaitText("#verdict", "Yes, allowed");
    assertThat(chromium.text("#verdict"))
        .contains("pumps", "statement 2", "${iot:Connection.Thing.ThingName} = pump");
    chromium.screenshot("endpoint-policy");
    chromium.type("resource", "other/state");
    browser.findElement(By.cssSelector("#try [type=submit]")).click();
    chromium.awaitText("#verdict", "No, refused");
  }

  private void steerTheDeviceByItsShadow() throws Exception {
    open("shadows?thing=pump");
    chromium.awaitText("#state", "Not made yet");
    chromium.type("document", "{ \"rpm\": 1500 }");
    await().until(() -> browser.findElement(By.id("save")).isEnabled());
    chromium.click("save");
    chromium.awaitText("#delta-count", "1 value is not so yet");
    chromium.awaitText("#tree", "not reported");
    publish(
        "$aws/things/pump/shadow/update", "{\"state\":{\"reported\":{\"rpm\":1450,\"on\":true}}}");
    // Nobody touches the page: it follows.
    chromium.awaitText("#tree", "1450");
    chromium.screenshot("endpoint-shadow");
    publish("$aws/things/pump/shadow/update", "{\"state\":{\"reported\":{\"rpm\":1500}}}");
    chromium.awaitText("#delta-count", "as desired");
    assertThat(browser.findElements(By.cssSelector(".n-delta"))).isEmpty();
    assertThat(List.of(chromium.text("#state").split("\\n"))).contains("Version 3");
  }
}
