package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.service.ServiceException;
import org.jspecify.annotations.Nullable;

/**
 * A request of a device that wants to be provisioned is rejected (developer guide, "Device
 * provisioning MQTT API", error payloads). The guide lists no codes: these are those that AWS's own
 * service was seen to send.
 */
public final class ProvisioningException extends ServiceException {
  private static final long serialVersionUID = 1L;

  ProvisioningException(int status, String code, String message) {
    this(status, code, message, null);
  }

  ProvisioningException(int status, String code, String message, @Nullable Throwable cause) {
    super(status, code, message, cause);
  }

  static ProvisioningException payload(String message) {
    return new ProvisioningException(400, "InvalidPayload", message);
  }

  static ProvisioningException parameters(String message) {
    return new ProvisioningException(400, "InvalidParameters", message);
  }

  static ProvisioningException template(String message) {
    return new ProvisioningException(400, "InvalidTemplate", message);
  }

  static ProvisioningException token(String message) {
    return new ProvisioningException(400, "InvalidCertificateOwnershipToken", message);
  }

  static ProvisioningException conflict(String message) {
    return new ProvisioningException(409, "ResourceConflictsException", message);
  }

  static ProvisioningException internal(Throwable cause) {
    return new ProvisioningException(
        500, "InternalFailure", "the change could not be written to the disk", cause);
  }

  /** The registry has refused something. */
  static ProvisioningException registry(RegistryException refused) {
    return new ProvisioningException(
        refused.kind().status(),
        refused.kind().code(),
        String.valueOf(refused.getMessage()),
        refused);
  }

  JsonObject document() {
    JsonObject json = new JsonObject();
    json.addProperty("statusCode", status());
    json.addProperty("errorCode", errorCode());
    json.addProperty("errorMessage", words());
    return json;
  }
}
