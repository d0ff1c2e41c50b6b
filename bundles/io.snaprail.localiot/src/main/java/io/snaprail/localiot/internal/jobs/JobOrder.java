package io.snaprail.localiot.internal.jobs;

import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a job is to be ({@code CreateJob} of AWS IoT).
 *
 * @param id 1..64 letters, digits, {@code - _}
 * @param targets what it is for
 * @param document what things get: a JSON object of at most 32 KB
 * @param description for people, at most 2028 characters
 * @param timeoutMinutes how long an execution may be in progress, 1..10080; 0 for ever
 */
public record JobOrder(
    String id, Targets targets, String document, String description, int timeoutMinutes) {
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final int DESCRIPTION = 2028;

  /**
   * Things and groups of things.
   *
   * @param continuous whether things that join a group later get it too; else it is for those that
   *     are there now
   */
  public record Targets(List<String> things, List<String> groups, boolean continuous) {
    /** Copies the lists. */
    public Targets {
      things = List.copyOf(things);
      groups = List.copyOf(groups);
    }
  }

  /** Whether a job may be called so. */
  static boolean validId(String id) {
    return ID.matcher(id).matches();
  }

  /** Says what is wrong. */
  void check() throws JobsException {
    if (!validId(id)) {
      throw invalid("job: expected 1..64 letters, digits, '-', '_', found '" + id + "'");
    }
    if (targets.things().isEmpty() && targets.groups().isEmpty()) {
      throw invalid("targets: expected at least one thing or group, found none");
    }
    if (description.length() > DESCRIPTION) {
      throw invalid(
          "description: expected at most %d characters, found %d"
              .formatted(DESCRIPTION, description.length()));
    }
    if (timeoutMinutes < 0 || timeoutMinutes > Quotas.JOB_TIMEOUT_MINUTES) {
      throw invalid(
          "timeoutMinutes: expected 1..%d, or 0 for none, found %d"
              .formatted(Quotas.JOB_TIMEOUT_MINUTES, timeoutMinutes));
    }
    checkDocument();
  }

  private void checkDocument() throws JobsException {
    int bytes = document.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Quotas.JOB_DOCUMENT_BYTES) {
      throw invalid(
          "document: expected at most %d bytes, found %d"
              .formatted(Quotas.JOB_DOCUMENT_BYTES, bytes));
    }
    try {
      StrictJson.parseObject(document);
    } catch (JsonException e) {
      throw invalid("document: " + e.getMessage());
    }
  }

  private static JobsException invalid(String message) {
    return new JobsException(JobError.INVALID_REQUEST, message);
  }
}
