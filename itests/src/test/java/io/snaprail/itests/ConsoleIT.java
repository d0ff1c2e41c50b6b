package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** The console in Debian's Chromium, on the running demo. */
public class ConsoleIT {
  private static final String DEVICE_PID = "io.snaprail.driver.modbus.tcp~plant";

  private DemoProcess demo;
  private Chromium chromium;
  private ChromeDriver browser;

  @Before
  public void start() throws Exception {
    demo = new DemoProcess("console").start();
    demo.awaitLine("Console:");
    chromium = new Chromium();
    browser = chromium.driver;
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
  public void claimWatchReconfigureAndStayOutOfReachOfOtherSites() throws Exception {
    claim();
    logInAgain();
    findTheWayFromTheRoot();
    seeValuesMove();
    lookAtEveryPage();
    changeThePeriodInTheConfigurationPage();
    writeAPoint();
    refuseForgedRequests();
  }

  private void claim() throws Exception {
    chromium.claim(demo);
    screenshot("points");
  }

  private void logInAgain() {
    browser.manage().deleteAllCookies();
    browser.get(demo.url() + "/points");
    await().until(() -> browser.getCurrentUrl().contains("/login"));
    type("name", Chromium.USER);
    type("password", "wrong password 1");
    browser.findElement(By.id("submit")).click();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !browser.findElement(By.id("message")).getText().isBlank());
    type("name", Chromium.USER);
    type("password", Chromium.PASSWORD);
    browser.findElement(By.id("submit")).click();
    await().atMost(Duration.ofSeconds(30)).until(() -> browser.getCurrentUrl().contains("/points"));
  }

  private void findTheWayFromTheRoot() {
    browser.get(demo.url() + "/");
    await().until(() -> browser.getCurrentUrl().endsWith("/points"));
  }

  private void type(String id, String text) {
    chromium.type(id, text);
  }

  private void seeValuesMove() throws Exception {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> browser.findElements(By.cssSelector("#rows tr")).size() >= 5);
    String before = tableText();
    await().atMost(Duration.ofSeconds(10)).until(() -> !tableText().equals(before));
    assertThat(tableText()).contains("Good");
    screenshot("values");
  }

  private String tableText() {
    return chromium.text("#rows");
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
      browser.get(demo.url() + "/" + page);
      assertThat(browser.findElement(By.tagName("body")).getText()).as(page).isNotBlank();
      chromium.assertNoErrors("page " + page);
      screenshot(page.substring(page.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9]+", "-"));
    }
  }

  private void writeAPoint() {
    browser.get(demo.url() + "/points");
    String row = "tr[data-device='plant'][data-point='boiler.setpoint']";
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> browser.findElement(By.cssSelector(row + " button")).click());
    type("write-value", "70.5");
    browser.findElement(By.id("write-submit")).click();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                String.valueOf(
                        browser.executeScript(
                            "return document.querySelector(arguments[0]).innerText", row))
                    .contains("70.5"));
  }

  private void changeThePeriodInTheConfigurationPage() throws Exception {
    browser.get(demo.url() + "/system/console/configMgr/" + DEVICE_PID.replace("~", "%7E"));
    WebElement period =
        await()
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptions()
            .until(() -> browser.findElement(By.name("period.ms")), WebElement::isDisplayed);
    screenshot("configuration");
    period.clear();
    period.sendKeys("250");
    // The dialog's buttons are at its foot; Save is the one that says so.
    browser.findElement(By.xpath("//button[normalize-space(.)='Save']")).click();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.readString(demo.config.resolve(DEVICE_PID + ".json")).contains("250"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> chromium.api("/api/v1/devices").contains("250"));
  }

  private void refuseForgedRequests() throws Exception {
    String cookie = browser.manage().getCookieNamed("__Host-snaprail").getValue();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(anyServer())
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

  private void screenshot(String name) throws Exception {
    chromium.screenshot(name);
  }

  /** The console signs its own certificate; what is tested here is not who it is. */
  private static SSLContext anyServer() throws Exception {
    X509ExtendedTrustManager any =
        new X509ExtendedTrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] c, String a, Socket s) {}

          @Override
          public void checkServerTrusted(X509Certificate[] c, String a, Socket s) {}

          @Override
          public void checkClientTrusted(X509Certificate[] c, String a, SSLEngine e) {}

          @Override
          public void checkServerTrusted(X509Certificate[] c, String a, SSLEngine e) {}

          @Override
          public void checkClientTrusted(X509Certificate[] c, String a) {}

          @Override
          public void checkServerTrusted(X509Certificate[] c, String a) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {any}, new SecureRandom());
    return context;
  }
}
