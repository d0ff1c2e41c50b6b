package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/**
 * An operator connects the gateway to the local endpoint by a signing request with the console
 * alone, in Debian's Chromium, sees its connection go and come, and sets a point from the cloud.
 */
public class ConsoleUplinkIT extends BrowserTest {
  private static final String CARD = "[data-uplink='io.snaprail.awsiot~west']";
  private static final String SETPOINT = "tr[data-device='plant'][data-point='boiler.setpoint']";
  private static final String EVERYTHING =
      "{\"Version\":\"2012-10-17\",\"Statement\":"
          + "[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}]}";

  @Test
  public void anUplinkIsConnectedBySigningRequestFollowedAndSteered() throws Exception {
    demo.awaitLine("First value:");
    makeThingAndPolicy();
    String request = makeARequest();
    importWhat(sign(request));
    addTheUplink();
    chromium.awaitText(CARD + " [aria-current]", "Connected");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(chromium.text(CARD)).doesNotContain("never", "\n0\nacknowledged"));
    chromium.screenshot("uplinks");
    seeTheBrokerGoAndComeBack();
    steerAPointFromTheCloud();
    chromium.assertNoErrors("the pages of uplinks");
    theAuditLogNamesThePerson();
    narrow();
  }

  private void makeThingAndPolicy() {
    open("/ext/localiot/things");
    chromium.awaitText("#rows", "snaprail-demo");
    chromium.click("new-thing");
    field("name").sendKeys("west");
    submit();
    chromium.awaitText("#rows", "west");
    open("/ext/localiot/policies");
    chromium.awaitText("#rows", "snaprail-demo-policy");
    chromium.click("new-policy");
    chromium.type("name", "everything");
    chromium.type("document", EVERYTHING);
    save();
    chromium.awaitText("#result", "everything: created");
  }

  private String makeARequest() {
    open("/certificates");
    chromium.awaitText("#identities", "demo");
    chromium.click("new-csr");
    chromium.type("ask-name", "west");
    chromium.type("ask-subject", "CN=west");
    chromium.click("ask-submit");
    awaitThat(() -> pem().startsWith("-----BEGIN CERTIFICATE REQUEST-----"));
    return pem();
  }

  private String pem() {
    return String.valueOf(browser.findElement(By.id("ask-pem")).getDomProperty("value"));
  }

  /** As a person carries it: by the clipboard. */
  private void paste(WebElement into, String text) {
    browser.executeScript(
        "arguments[0].value = arguments[1];"
            + "arguments[0].dispatchEvent(new Event('input', {bubbles: true}));",
        into,
        text);
  }

  private String sign(String request) {
    open("/ext/localiot/certificates");
    chromium.awaitText("#rows", "CN=snaprail-demo");
    chromium.click("sign");
    paste(field("csr"), request);
    new Select(field("thing")).selectByValue("west");
    new Select(field("policy")).selectByValue("everything");
    submit();
    chromium.awaitText("dialog pre", "END CERTIFICATE");
    return chromium.text("dialog pre");
  }

  private void importWhat(String certificate) {
    open("/certificates");
    find("[aria-label='Import certificate for west']").click();
    paste(browser.findElement(By.id("ask-pem")), certificate);
    chromium.click("ask-submit");
    awaitThat(
        () ->
            browser.executeScript("return document.getElementById('ask').open") == Boolean.FALSE
                || chromium.text("#ask-result").contains("mported"));
  }

  private void addTheUplink() throws Exception {
    open("/points");
    browser.findElement(By.linkText("Uplinks")).click();
    chromium.awaitText("[data-uplink='io.snaprail.awsiot~cloud'] [aria-current]", "Connected");
    chromium.click("add");
    choose("kind", "io.snaprail.awsiot");
    chromium.type("field-endpoint", "localhost");
    chromium.type("field-port", Integer.toString(demo.brokerPort));
    chromium.type("field-thing", "west");
    chromium.type("field-identity", "west");
    chromium.type("field-roots", "localiot");
    find("[data-group=shadow] summary").click();
    chromium.type("field-shadow", "device");
    chromium.type("field-shadow-write", "plant/boiler.*");
    chromium.screenshot("uplink-form");
    chromium.type("name", "west");
    chromium.click("save");
    awaitUrl("/uplinks");
  }

  /** The endpoint stops with its configuration and starts with it again. */
  private void seeTheBrokerGoAndComeBack() throws Exception {
    Path configuration = demo.config.resolve("io.snaprail.localiot.json");
    Path away = demo.data.resolve("localiot.away");
    Files.move(configuration, away);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(chromium.text(CARD + " [aria-current]"))
                    .containsAnyOf("Waiting to try again", "Connecting"));
    chromium.awaitText(CARD, " wait");
    chromium.awaitText(CARD, "localhost:" + demo.brokerPort);
    chromium.screenshot("uplinks-away");
    Files.move(away, configuration);
    await()
        .atMost(Duration.ofSeconds(150))
        .untilAsserted(
            () -> assertThat(chromium.text(CARD + " [aria-current]")).contains("Connected"));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(chromium.text(CARD)).contains("nothing waits"));
  }

  private void steerAPointFromTheCloud() throws Exception {
    open("/ext/localiot/shadows?thing=west&name=plant");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(chromium.text("#tree")).contains("boiler.setpoint"));
    chromium.type("document", "{ \"boiler.setpoint\": 64.5 }");
    save();
    // The device is written and read back, and the shadow follows by itself.
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(chromium.text("#tree")).contains("64.5");
              assertThat(chromium.text("#delta-count")).contains("as desired");
            });
    chromium.screenshot("uplink-shadow");
    open("/points");
    chromium.awaitText(SETPOINT, "64.5");
  }

  /** In every line of what a person has changed, the store's own too. */
  private void theAuditLogNamesThePerson() throws Exception {
    assertThat(Files.readAllLines(demo.data.resolve("audit/audit.jsonl")))
        .filteredOn(
            line ->
                line.contains("\"action\":\"CERTIFICATE\"")
                    && (line.contains("\"subject\":\"west\"") || line.contains("CN=west")))
        .as("lines of the console, the store and the authority")
        .anyMatch(line -> line.contains("key and signing request made"))
        .anyMatch(line -> line.contains("certificate issued"))
        .anyMatch(line -> line.contains("certificate imported"))
        .allMatch(line -> line.contains("\"actor\":\"" + Chromium.USER + "\""));
  }

  /** On a telephone nothing is wider than the screen. */
  private void narrow() throws Exception {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        java.util.Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
    for (String page : new String[] {"/uplinks", "/uplink?pid=io.snaprail.awsiot~west"}) {
      open(page);
      chromium.awaitText("main", "west");
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          browser.executeScript(
                              "return document.documentElement.scrollWidth <= 390"))
                      .isEqualTo(true));
      chromium.screenshot("narrow" + page.replaceAll("[^a-z]", "-"));
    }
  }
}
