package io.snaprail.awsiot.internal;

import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.command.PointFilter;
import io.snaprail.awsiot.internal.jobs.ApplyConfiguration;
import io.snaprail.awsiot.internal.jobs.DeployBundle;
import io.snaprail.awsiot.internal.jobs.RotateCertificate;
import io.snaprail.awsiot.internal.jobs.SupportBundle;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a connector does beside telemetry.
 *
 * @param provisioning how it gets its certificate
 * @param jobs operations that jobs may ask for
 * @param shadows what is kept in shadows
 * @param commands the back channel
 */
public record Functions(
    Provisioning provisioning, Set<String> jobs, Shadows shadows, Commands commands) {

  /** Operations that there are. */
  private static final Set<String> JOBS =
      Stream.concat(
              Stream.of(ApplyConfiguration.NAME, RotateCertificate.NAME, SupportBundle.NAME),
              DeployBundle.NAMES.keySet().stream())
          .collect(Collectors.toUnmodifiableSet());

  /** Checks; messages name key, expected and found. */
  public Functions {
    jobs = Set.copyOf(jobs);
    for (String job : jobs) {
      if (!JOBS.contains(job)) {
        throw new IllegalArgumentException(
            "jobs.allow: expected of "
                + String.join(", ", JOBS.stream().sorted().toList())
                + ", found '"
                + job
                + "'");
      }
    }
  }

  /**
   * Fleet provisioning.
   *
   * @param template at AWS; empty for none
   * @param claim identity of the claim; empty when the gateway has its own certificate, and the
   *     template is for its rotation only
   * @param parameters for the template
   * @param keyType of the gateway's own key
   * @param token hardware token for the key; empty for a file
   */
  public record Provisioning(
      String template,
      String claim,
      Map<String, String> parameters,
      KeyType keyType,
      String token) {
    /** Checks that one goes with the other. */
    public Provisioning {
      parameters = Map.copyOf(parameters);
      if (template.isEmpty() && !claim.isEmpty()) {
        throw new IllegalArgumentException(
            "provisioning.template: expected the template's name beside 'provisioning.claim', found"
                + " none");
      }
    }

    /** Whether the gateway is to be provisioned by a claim. */
    public boolean byClaim() {
      return !claim.isEmpty();
    }
  }

  /**
   * Shadows.
   *
   * @param mode where points are kept
   * @param report points that are reported
   * @param write points that may be desired
   * @param longest how old a desired value may be, 1 s..24 h
   * @param gateway whether the gateway has a shadow of its own
   * @param gatewayWrite whether devices may be switched and their periods set by it
   */
  public record Shadows(
      Mode mode,
      PointFilter report,
      PointFilter write,
      Duration longest,
      boolean gateway,
      boolean gatewayWrite) {
    /** Checks the age. */
    public Shadows {
      if (longest.toSeconds() < 1 || longest.toHours() > 24) {
        throw new IllegalArgumentException(
            "shadow.desired.max.age.s: expected 1..86400, found '" + longest.toSeconds() + "'");
      }
    }

    /** Where points are kept. */
    public enum Mode {
      /** Nowhere. */
      NONE,
      /** Each device has a named shadow. */
      DEVICE,
      /** All are in the classic shadow. */
      CLASSIC
    }

    /** Whether there is any shadow to keep. */
    public boolean any() {
      return mode != Mode.NONE || gateway;
    }

    /** Reads the mode. */
    public static Mode mode(String text) {
      return switch (text) {
        case "none" -> Mode.NONE;
        case "device" -> Mode.DEVICE;
        case "classic" -> Mode.CLASSIC;
        default ->
            throw new IllegalArgumentException(
                "shadow: expected none, device or classic, found '" + text + "'");
      };
    }
  }

  /**
   * The back channel.
   *
   * @param request topic template where requests come; empty for none
   * @param answer topic template where answers go
   * @param write points that may be written
   * @param raw devices and raw Modbus operations, such as {@code plant/Read*}
   */
  public record Commands(String request, String answer, PointFilter write, PointFilter raw) {
    /** Checks that one goes with the other. */
    public Commands {
      if (!request.isEmpty() && answer.isEmpty()) {
        throw new IllegalArgumentException(
            "commands.answer.topic: expected a topic beside 'commands.request.topic', found none");
      }
      if (request.isEmpty() && !(write.none() && raw.none())) {
        throw new IllegalArgumentException(
            "commands.request.topic: expected a topic beside 'commands.write' and 'commands.raw',"
                + " found none");
      }
    }
  }
}
