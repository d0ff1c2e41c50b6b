package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/**
 * The pages of the local endpoint in Debian's Chromium: a person makes a thing, a policy and a
 * certificate, and openssl and Mosquitto's clients are the device.
 */
public class LocalEndpointIT extends BrowserTest {
  private static final Path PUBLISHER = Path.of("/usr/bin/mosquitto_pub");
  private static final Path SUBSCRIBER = Path.of("/usr/bin/mosquitto_sub");
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  @Override
  void prepare() {
    Program.require(PUBLISHER, "mosquitto-clients");
    Program.require(OPENSSL, "openssl");
  }

  @Test
  public void aDeviceIsMadeConnectedWatchedAndSteeredWithTheConsoleAlone() throws Exception {
    makeAThing();
    makeAPolicy();
    uploadARequestAndDownloadTheCertificate();
    seeInTheTestClientWhatTheDevicePublishes();
    publishToWhoeverHasSubscribed();
    askWhatThePolicyAllows();
    steerTheDeviceByItsShadow();
    chromium.assertNoErrors("the pages of the local endpoint");
  }

  private void openPage(String page) {
    open("/ext/localiot/" + page);
  }

  private void makeAThing() throws Exception {
    // From the menu, as a person finds it.
    open("/points");
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
    openPage("policies");
    chromium.awaitText("#rows", "snaprail-demo-policy");
    chromium.click("new-policy");
    chromium.type("name", "pumps");
    save();
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
    openPage("certificates");
    chromium.awaitText("#rows", "CN=snaprail-demo");
    chromium.click("sign");
    find("dialog input[type=file]").sendKeys(request.toString());
    await().until(() -> field("csr").getDomProperty("value").contains("BEGIN"));
    new Select(field("thing")).selectByValue("pump");
    new Select(field("policy")).selectByValue("pumps");
    submit();
    chromium.awaitText("dialog pre", "BEGIN CERTIFICATE");
    chromium.click("download-certificate");
    awaitThat(() -> downloaded() != null);
    Files.copy(downloaded(), work.resolve("pump.pem"));
    Files.writeString(work.resolve("ca.pem"), chromium.api("/api/v1/ext/localiot/endpoint/roots"));
    assertThat(Program.run(OPENSSL, "x509", "-noout", "-subject", "-in", work.resolve("pump.pem")))
        .contains("pump");
    chromium.screenshot("endpoint-certificate");
  }

  private Path downloaded() {
    return Image.list(work).stream()
        .filter(file -> file.getFileName().toString().endsWith("-certificate.pem.crt"))
        .findFirst()
        .orElse(null);
  }

  /** What the device does, with the certificate that was downloaded. */
  private void publish(String topic, String payload) throws Exception {
    Program.run(device(PUBLISHER, "-t", topic, "-m", payload));
  }

  /** A program that is the device. */
  private Object[] device(Path program, String... what) {
    List<Object> command = new ArrayList<>(List.of(program, "-h", "localhost"));
    command.addAll(List.of("-p", demo.brokerPort, "-i", "pump", "-q", "1"));
    command.addAll(List.of("--cafile", work.resolve("ca.pem")));
    command.addAll(List.of("--cert", work.resolve("pump.pem")));
    command.addAll(List.of("--key", work.resolve("pump.key")));
    command.addAll(List.of(what));
    return command.toArray();
  }

  private void seeInTheTestClientWhatTheDevicePublishes() throws Exception {
    openPage("client");
    chromium.type("filter", "pump/#");
    chromium.click("sub-button");
    chromium.awaitText("#filters", "pump/#");
    publish("pump/state", "{\"rpm\":1450}");
    chromium.awaitText("#messages", "pump/state");
    chromium.awaitText("#messages", "\"rpm\": 1450");
    select("form").selectByValue("hex");
    chromium.awaitText("#messages", "7b 22 72 70 6d");
    select("form").selectByValue("text");
    chromium.awaitText("#messages", "{\"rpm\":1450}");
    chromium.screenshot("endpoint-client");
  }

  private void publishToWhoeverHasSubscribed() throws Exception {
    try (Program device = Program.start(device(SUBSCRIBER, "-t", "pump/command", "-v"))) {
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
    openPage("policies");
    await().until(() -> select("who").getOptions().size() > 1);
    String pump =
        select("who").getOptions().stream()
            .filter(option -> option.getText().startsWith("pump"))
            .map(option -> option.getDomProperty("value"))
            .findFirst()
            .orElseThrow();
    select("who").selectByValue(pump);
    chromium.type("client-id", "pump");
    chromium.type("resource", "pump/state");
    find("#try [type=submit]").click();
    chromium.awaitText("#verdict", "Yes, allowed");
    assertThat(chromium.text("#verdict"))
        .contains("pumps", "statement 2", "${iot:Connection.Thing.ThingName} = pump");
    chromium.screenshot("endpoint-policy");
    chromium.type("resource", "other/state");
    find("#try [type=submit]").click();
    chromium.awaitText("#verdict", "No, refused");
  }

  private void steerTheDeviceByItsShadow() throws Exception {
    openPage("shadows?thing=pump");
    chromium.awaitText("#state", "Not made yet");
    chromium.type("document", "{ \"rpm\": 1500 }");
    save();
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
