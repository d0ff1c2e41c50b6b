package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.iot.client.AWSIotDevice;
import com.amazonaws.services.iot.client.AWSIotDeviceProperty;
import com.amazonaws.services.iot.client.AWSIotException;
import com.amazonaws.services.iot.client.AWSIotMqttClient;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AWS IoT Device SDK for Java v1 against the endpoint: its simplified shadow client. */
class AwsSdkV1ShadowTest {
  private static final String THING = RunningEndpoint.THING;
  private static final long TIMEOUT_MS = 10_000;

  @TempDir private static Path folder;
  private static RunningEndpoint running;

  @BeforeAll
  static void start() {
    running = new RunningEndpoint(folder);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static AWSIotMqttClient client() {
    return new AWSIotMqttClient(
        "localhost",
        THING,
        running.pki.clientContext("demo", "localiot").getSocketFactory(),
        running.port());
  }

  /** A device with one property that is reported and may be set, as in AWS's sample. */
  public static final class Window extends AWSIotDevice {
    final BlockingQueue<Boolean> set = new LinkedBlockingQueue<>();

    @AWSIotDeviceProperty private boolean open;

    public Window(String thingName) {
      super(thingName);
    }

    public boolean getOpen() {
      return open;
    }

    public void setOpen(boolean desired) {
      open = desired;
      set.add(desired);
    }
  }

  @Test
  void updatesGetsAndDeletesTheShadow() throws Exception {
    AWSIotMqttClient client = client();
    AWSIotDevice device = new AWSIotDevice(THING);
    device.setReportInterval(0);
    client.attach(device);
    Turns.connect(THING, () -> client.connect(TIMEOUT_MS));
    try {
      device.update(
          "{\"state\":{\"desired\":null,\"reported\":{\"speed\":3,\"open\":null}}}", TIMEOUT_MS);
      JsonObject got = JsonParser.parseString(device.get(TIMEOUT_MS)).getAsJsonObject();
      assertThat(got.getAsJsonObject("state").get("reported")).hasToString("{\"speed\":3}");

      device.delete(TIMEOUT_MS);

      assertThat(catchThrowable(() -> device.get(TIMEOUT_MS)))
          .isInstanceOf(AWSIotException.class)
          .hasMessageContaining("No shadow exists with name");
    } finally {
      client.disconnect(TIMEOUT_MS);
    }
  }

  @Test
  void aDesiredValueReachesTheDeviceAndIsReported() throws Exception {
    AWSIotMqttClient client = client();
    Window window = new Window(THING);
    window.setReportInterval(100);
    client.attach(window);
    Turns.connect(THING, () -> client.connect(TIMEOUT_MS));
    try {
      running
          .services()
          .shadows()
          .update(
              THING,
              "",
              "{\"state\":{\"desired\":{\"open\":true}}}".getBytes(StandardCharsets.UTF_8));
      assertThat(window.set.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS)).isTrue();
      org.awaitility.Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(running.services().shadows().get(THING, "").toString())
                      .contains("\"reported\":{\"open\":true}"));
    } finally {
      client.disconnect(TIMEOUT_MS);
    }
  }
}
