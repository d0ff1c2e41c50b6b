package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The console in Debian's Chromium, on the running demo. */
public class ConsoleIT extends BrowserTest {
  private static final String DEVICE_PID = "io.snaprail.driver.modbus.tcp~plant";

  @Test
  public void claimWatchReconfigureAndStayOutOfReachOfOtherSites() throws Exception {
    chromium.screenshot("points");
    logInAgain();
    findTheWayFromTheRoot();
    seeValuesMove();
    lookAtEveryPage();
    changeThePeriodInTheConfigurationPage();
    writeAPoint();
    refuseForgedRequests();
  }

  private void logInAgain() {
    browser.manage().deleteAllCookies();
    open("/points");
    awaitUrl("/login");
    chromium.type("name", Chromium.USER);
    chromium.type("password", "wrong password 1");
    chromium.click("submit");
    awaitThat(() -> !browser.findElement(By.id("message")).getText().isBlank());
    chromium.type("name", Chromium.USER);
    chromium.type("password", Chromium.PASSWORD);
    chromium.click("submit");
    awaitUrl("/points");
  }

  private void findTheWayFromTheRoot() {
    open("/");
    awaitUrl("/points");
  }

  private void seeValuesMove() throws Exception {
    awaitThat(() -> browser.findElements(By.cssSelector("#rows tr")).size() >= 5);
    awaitChange("#rows", "(?s).+");
    assertThat(chromium.text("#rows")).contains("Good");
    chromium.screenshot("values");
  }

  /** No page breaks its own security policy or fails to load what it names. */
  private void lookAtEveryPage() throws Exception {
    chromium.forgetErrors();
    for (String page :
        List.of(
            "points",
            "devices",
            "device?name=plant",
            "setup",
            "setup?pid=" + DEVICE_PID,
            "buses",
            "maps",
            "tokens",
            "certificates",
            "system/console/bundles",
            "system/console/components",
            "system/console/configMgr")) {
      open("/" + page);
      assertThat(browser.findElement(By.tagName("body")).getText()).as(page).isNotBlank();
      chromium.assertNoErrors("page " + page);
      chromium.screenshot(
          page.substring(page.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9]+", "-"));
    }
  }

  private void writeAPoint() {
    open("/points");
    String row = "tr[data-device='plant'][data-point='boiler.setpoint']";
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> find(row + " button").click());
    chromium.type("write-value", "70.5");
    chromium.click("write-submit");
    chromium.awaitText(row, "70.5");
  }

  private void changeThePeriodInTheConfigurationPage() throws Exception {
    open("/system/console/configMgr/" + DEVICE_PID.replace("~", "%7E"));
    WebElement period =
        await()
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptions()
            .until(() -> browser.findElement(By.name("period.ms")), WebElement::isDisplayed);
    chromium.screenshot("configuration");
    period.clear();
    period.sendKeys("250");
    // The dialog's buttons are at its foot; Save is the one that says so.
    browser.findElement(By.xpath("//button[normalize-space(.)='Save']")).click();
    await()
        .atMost(SOON)
        .until(() -> Files.readString(demo.config.resolve(DEVICE_PID + ".json")).contains("250"));
    awaitThat(() -> chromium.api("/api/v1/devices").contains("250"));
    // By a person's name, though Felix's page knows nothing of that.
    awaitThat(
        () ->
            Image.read(demo.data.resolve("audit/audit.jsonl"))
                .lines()
                .anyMatch(
                    line ->
                        line.contains(
                            "\"CONFIGURATION\",\"actor\":\"%s\",\"origin\":\"127.0.0.1\",\"subject\":\"%s\",\"outcome\":\"ok\""
                                .formatted(Chromium.USER, DEVICE_PID))));
  }

  private void refuseForgedRequests() throws Exception {
    String cookie = browser.manage().getCookieNamed("__Host-snaprail").getValue();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(AnyServer.context())
            .build();
    String felix = demo.url() + "/system/console/bundles/0?action=refreshPackages";
    String write = demo.url() + "/api/v1/points/plant/x";
    for (String target : new String[] {felix, write}) {
      assertThat(post(client, target, cookie, demo.url())).as("no token: " + target).isEqualTo(403);
      assertThat(post(client, target, cookie, "https://evil.example"))
          .as("foreign origin: " + target)
          .isEqualTo(403);
    }
  }

  private static int post(HttpClient client, String url, String cookie, String origin)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Cookie", "__Host-snaprail=" + cookie)
            .header("Origin", origin)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"value\":1}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }
}
