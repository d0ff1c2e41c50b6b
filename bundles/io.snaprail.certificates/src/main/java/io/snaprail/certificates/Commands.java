package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RotationState;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What can be done on the gateway's own machine without the console. No key is ever handed out. */
final class Commands {
  /** What is refused is refused sooner; what goes on longer is looked at with list. */
  private static final int FIRST_OUTCOME_S = 2;

  private final CertificateStore store;
  private final CertificateRotations rotations;

  Commands(CertificateStore store, CertificateRotations rotations) {
    this.store = store;
    this.rotations = rotations;
  }

  /** Carries out a command; the answer is shown to people as it is. */
  String run(Command command) throws CertificateStoreException {
    return switch (command.name()) {
      case "list" -> list();
      case "csr" -> request(command);
      case "import" -> said(store.importCertificate(command.required("identity"), command.text()));
      case "roots" -> {
        store.importRoots(command.required("roots"), command.text());
        yield "Set of roots '%s' imported.\n".formatted(command.required("roots"));
      }
      case "rotate" -> rotate(command);
      case "commit" -> said(store.commit(command.required("identity")));
      case "rollback" -> said(store.rollBack(command.required("identity")));
      case "discard" -> {
        store.discardRequest(command.required("identity"));
        yield "The request of '%s' and its key are gone.\n".formatted(command.required("identity"));
      }
      default ->
          throw new CertificateStoreException(
              "Expected list, csr, import, roots, rotate, commit, rollback or discard, found '%s'"
                  .formatted(command.name()));
    };
  }

  private String request(Command command) throws CertificateStoreException {
    String type = command.optional("key").isEmpty() ? "EC_P256" : command.optional("key");
    Optional<KeyType> key =
        Arrays.stream(KeyType.values())
            .filter(known -> known.name().equals(type.toUpperCase(Locale.ROOT).replace('-', '_')))
            .findFirst();
    if (key.isEmpty()) {
      throw new CertificateStoreException(
          "Key: expected one of %s, found '%s'".formatted(Arrays.toString(KeyType.values()), type));
    }
    KeyRequest wanted =
        new KeyRequest(
            key.get(),
            command.required("subject"),
            command.list("names"),
            command.optional("role"),
            command.optional("token"));
    return store.createSigningRequest(command.required("identity"), wanted);
  }

  private String rotate(Command command) throws CertificateStoreException {
    String identity = command.required("identity");
    try {
      RotationState state =
          rotations
              .rotate(identity, command.optional("issuer"), "by hand, on this machine")
              .toCompletableFuture()
              .get(FIRST_OUTCOME_S, TimeUnit.SECONDS);
      return "%s: rotated; the new certificate %s is in force.\n"
          .formatted(identity, state.newFingerprint());
    } catch (TimeoutException goesOn) {
      return "%s: the rotation has begun; see 'list'.\n".formatted(identity);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof CertificateStoreException told) {
        throw told;
      }
      throw new CertificateStoreException("The rotation failed: " + failed.getCause(), failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CertificateStoreException("The gateway stops", e);
    }
  }

  private static String said(IdentityInfo identity) {
    return "%s: %s, %s, until %s.\n"
        .formatted(
            identity.name(),
            identity.state() == IdentityInfo.State.TRIAL
                ? "on trial; in force once a connection with it is accepted"
                : "in force",
            identity.subject(),
            identity.notAfter());
  }

  private String list() {
    StringBuilder text = new StringBuilder();
    line(text, "IDENTITY", "STATE", "KEY", "VALID UNTIL", "SUBJECT");
    for (IdentityInfo identity : store.identities()) {
      Instant until = identity.notAfter();
      line(
          text,
          identity.name(),
          identity.state().name().toLowerCase(Locale.ROOT),
          identity.keyAlgorithm(),
          until == null ? "-" : until.toString(),
          identity.subject());
    }
    for (RotationState state : rotations.rotations()) {
      text.append(
          "rotation of %s by %s (%s): %s since %s %s%n"
              .formatted(
                  state.identity(),
                  state.issuer(),
                  state.reason(),
                  state.phase().name().toLowerCase(Locale.ROOT),
                  state.since(),
                  state.message()));
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, String name, String state, String key, String until, String subject) {
    text.append("%-20s %-9s %-9s %-21s %s%n".formatted(name, state, key, until, subject));
  }
}
