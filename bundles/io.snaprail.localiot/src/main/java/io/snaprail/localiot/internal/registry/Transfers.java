package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.registry.DeviceCertificate.State;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Transfer;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;

/**
 * The transfer of a certificate to another account (AWS IoT API: TransferCertificate, ...). The
 * endpoint has one account and plays both sides.
 */
public final class Transfers {
  private final Registry registry;

  Transfers(Registry registry) {
    this.registry = registry;
  }

  /**
   * Offers a certificate that is not ACTIVE and attached to nothing.
   *
   * @param account twelve digits
   * @param message for the other side, at most 128 characters
   */
  public void start(String id, String account, String message) throws RegistryException {
    if (!account.matches("[0-9]{12}") || message.length() > 128) {
      throw RegistryException.invalid(
          "transfer: expected an account of 12 digits and at most 128 characters of message");
    }
    registry.apply(
        state -> {
          DeviceCertificate certificate = DeviceCertificates.find(state, id);
          if (certificate.status() != Status.INACTIVE) {
            throw new RegistryException(
                Kind.CERTIFICATE_STATE,
                "certificate %s is %s; only an INACTIVE one can be transferred"
                    .formatted(id, certificate.status()));
          }
          if (!certificate.policies().isEmpty() || !certificate.things().isEmpty()) {
            throw new RegistryException(
                Kind.TRANSFER_CONFLICT,
                "certificate %s is attached to things %s and policies %s; detach them first"
                    .formatted(id, certificate.things(), certificate.policies()));
          }
          return state.with(
              certificate.withState(
                  new State(
                      Status.PENDING_TRANSFER,
                      registry.environment().clock().instant(),
                      new Transfer(account, message))));
        });
  }

  /** The other side takes it. */
  public void accept(String id, boolean active) throws RegistryException {
    end(id, active ? Status.ACTIVE : Status.INACTIVE);
  }

  /** The other side does not want it. */
  public void reject(String id) throws RegistryException {
    end(id, Status.INACTIVE);
  }

  /** The offer is taken back. */
  public void cancel(String id) throws RegistryException {
    end(id, Status.INACTIVE);
  }

  private void end(String id, Status status) throws RegistryException {
    registry.apply(
        state -> {
          DeviceCertificate certificate = DeviceCertificates.find(state, id);
          if (certificate.status() != Status.PENDING_TRANSFER) {
            throw new RegistryException(
                Kind.TRANSFER_ALREADY_COMPLETED,
                "certificate " + id + " is not being transferred; it is " + certificate.status());
          }
          return state.with(
              certificate.withStatus(status, registry.environment().clock().instant()));
        });
  }
}
