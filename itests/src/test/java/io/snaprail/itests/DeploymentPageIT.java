package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.openqa.selenium.By;

/** The page of the deployment in Debian's Chromium: a person uploads, updates and removes. */
public class DeploymentPageIT {
  private static final String TRUST =
      """
      const done = arguments[1];
      snaprail.call('POST', '/api/v1/roots/deploy', { pem: arguments[0] })
        .then(() => done(''), (e) => done(e.message));
      """;

  private DemoProcess demo;
  private Chromium chromium;
  private OemBundle oem;
  private Path folder;

  @Before
  public void start() throws Exception {
    Files.createDirectories(Image.WORK);
    folder = Files.createTempDirectory(Image.WORK, "page");
    oem = new OemBundle(folder).keys();
    demo = new DemoProcess("page");
    Files.writeString(
        demo.config.resolve("io.snaprail.deploy.json"),
        "{\"allow\":[\"com.example.*\"],\"trial.s\":1}");
    demo.start();
    demo.awaitLine("Console:");
    chromium = new Chromium();
    chromium.driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toString()));
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
  public void bundleIsUploadedUpdatedAndRemovedByAPerson() throws Exception {
    chromium.claim(demo);
    chromium.forgetErrors();
    chromium.driver.get(demo.url() + "/ext/deploy/bundles");
    chromium.awaitText("#empty", "Nothing is deployed");
    assertThat(chromium.text("#rules")).contains("must be signed", "com.example.*");
    upload(oem.version("1.0.0", 1), "install");
    chromium.awaitText("#orders", "not signed");
    upload(oem.signed("1.0.0", 1), "install");
    chromium.awaitText("#orders", "nobody is trusted to sign bundles");
    assertThat(chromium.driver.executeAsyncScript(TRUST, oem.rootPem())).isEqualTo("");
    upload(oem.signed("1.0.1", 1), "install");
    chromium.awaitText("#rows", "1.0.1");
    chromium.awaitText("#rows", "ACTIVE");
    chromium.awaitText("#rows", "CN=oem");
    upload(oem.signed("1.1.0", 2), "update");
    chromium.awaitText("#rows", "before: 1.0.1");
    chromium.screenshot("deployment");
    chromium.click("collect");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                Image.list(folder).stream()
                    .anyMatch(
                        file ->
                            file.getFileName().toString().matches("snaprail-support-.*\\.zip")));
    press("Roll back");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                chromium.text("#rows").contains("1.0.1")
                    && !chromium.text("#rows").contains("before"));
    press("Remove");
    chromium.awaitText("#empty", "Nothing is deployed");
    chromium.screenshot("deployment-orders");
    chromium.assertNoErrors("the page of the deployment");
  }

  private void upload(Path jar, String button) {
    chromium.driver.findElement(By.id("file")).sendKeys(jar.toString());
    chromium.click(button);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> chromium.driver.findElement(By.id("file")).getDomProperty("value").isEmpty());
  }

  private void press(String text) {
    chromium.driver.findElement(By.cssSelector("#rows button[aria-label^='" + text + "']")).click();
    chromium.driver.switchTo().alert().accept();
  }
}
