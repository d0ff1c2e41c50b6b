package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The page of the deployment in Debian's Chromium: a person uploads, updates and removes. */
public class DeploymentPageIT extends BrowserTest {
  private static final String TRUST =
      """
      const done = arguments[1];
      snaprail.call('POST', '/api/v1/roots/deploy', { pem: arguments[0] })
        .then(() => done(''), (e) => done(e.message));
      """;

  private OemBundle oem;

  @Override
  void prepare() throws Exception {
    oem = new OemBundle(work).keys();
    Files.writeString(
        demo.config.resolve("io.snaprail.deploy.json"),
        "{\"allow\":[\"com.example.*\"],\"trial.s\":1}");
  }

  @Test
  public void bundleIsUploadedUpdatedAndRemovedByAPerson() throws Exception {
    open("/ext/deploy/bundles");
    chromium.awaitText("#empty", "Nothing is deployed");
    assertThat(chromium.text("#rules")).contains("must be signed", "com.example.*");
    upload(oem.version("1.0.0", 1), "install");
    chromium.awaitText("#orders", "not signed");
    upload(oem.signed("1.0.0", 1), "install");
    chromium.awaitText("#orders", "nobody is trusted to sign bundles");
    assertThat(browser.executeAsyncScript(TRUST, oem.rootPem())).isEqualTo("");
    upload(oem.signed("1.0.1", 1), "install");
    chromium.awaitText("#rows", "1.0.1");
    chromium.awaitText("#rows", "ACTIVE");
    chromium.awaitText("#rows", "CN=oem");
    upload(oem.signed("1.1.0", 2), "update");
    chromium.awaitText("#rows", "before: 1.0.1");
    chromium.screenshot("deployment");
    chromium.click("collect");
    awaitThat(
        () ->
            Image.list(work).stream()
                .anyMatch(
                    file -> file.getFileName().toString().matches("snaprail-support-.*\\.zip")));
    press("Roll back");
    awaitThat(
        () ->
            chromium.text("#rows").contains("1.0.1") && !chromium.text("#rows").contains("before"));
    press("Remove");
    chromium.awaitText("#empty", "Nothing is deployed");
    chromium.screenshot("deployment-orders");
    chromium.assertNoErrors("the page of the deployment");
  }

  private void upload(Path jar, String button) {
    WebElement file = browser.findElement(By.id("file"));
    file.sendKeys(jar.toString());
    chromium.click(button);
    awaitThat(() -> file.getDomProperty("value").isEmpty());
  }

  private void press(String text) {
    find("#rows button[aria-label^='" + text + "']").click();
    browser.switchTo().alert().accept();
  }
}
