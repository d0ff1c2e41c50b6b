package io.snaprail.awsiot.internal.provisioning;

import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * How far provisioning has come, on disk after each step, so that a power cut at any moment costs
 * at most the step that was under way.
 *
 * @param step what is done
 * @param template that it is for; another one begins anew
 * @param certificateId at AWS; empty before there is one
 * @param pem the certificate; empty before there is one
 * @param ownershipToken for registering; empty before there is one
 * @param thing name of the thing; empty before it is registered
 */
public record ProvisioningState(
    Step step,
    String template,
    String certificateId,
    String pem,
    String ownershipToken,
    String thing) {

  /** Steps, in their order. */
  public enum Step {
    /** Nothing is done, or all begins anew. */
    BEGIN,
    /** AWS has issued the certificate; the thing is not registered. */
    ISSUED,
    /** The thing is registered; the certificate is not in the store. */
    REGISTERED,
    /** The certificate is in the store. */
    DONE
  }

  /** The beginning. */
  public static ProvisioningState begin(String template) {
    return new ProvisioningState(Step.BEGIN, template, "", "", "", "");
  }

  ProvisioningState issued(FleetProvisioning.Issued issued) {
    return new ProvisioningState(
        Step.ISSUED, template, issued.id(), issued.pem(), issued.ownershipToken(), "");
  }

  ProvisioningState registered(String name) {
    return new ProvisioningState(Step.REGISTERED, template, certificateId, pem, "", name);
  }

  ProvisioningState done() {
    return new ProvisioningState(Step.DONE, template, certificateId, "", "", thing);
  }

  /**
   * Reads it; the beginning when there is none, or it is for another template.
   *
   * @throws IOException when it cannot be read; the message names the file
   */
  public static ProvisioningState read(Path file, String template) throws IOException {
    try {
      JsonObject json = JsonText.object(Files.readAllBytes(file));
      ProvisioningState read =
          new ProvisioningState(
              Step.valueOf(text(json, "step")),
              text(json, "template"),
              text(json, "certificateId"),
              text(json, "pem"),
              text(json, "ownershipToken"),
              text(json, "thing"));
      return read.template().equals(template) ? read : begin(template);
    } catch (NoSuchFileException never) {
      return begin(template);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          file + ": " + e.getMessage() + "; restore it, or delete it to provision anew", e);
    }
  }

  /** Writes it, private: the token is worth a certificate for an hour. */
  void write(Path file) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("step", step.name());
    json.addProperty("template", template);
    json.addProperty("certificateId", certificateId);
    json.addProperty("pem", pem);
    json.addProperty("ownershipToken", ownershipToken);
    json.addProperty("thing", thing);
    AtomicFile.write(file, JsonText.bytes(json), AtomicFile.PRIVATE);
  }

  private static String text(JsonObject json, String key) throws IOException {
    return JsonText.text(json, key)
        .orElseThrow(() -> new IOException("expected the text '" + key + "', found none"));
  }
}
