package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A shadow at one version. Immutable.
 *
 * @param desired what it should be; null for none
 * @param reported what it is; null for none
 * @param version grows with every accepted update, and not reset by deletion; 0 before the first
 * @param deletedAt when it was deleted, in seconds since 1970, so that only its version is left;
 *     null when it was not
 */
record ShadowDocument(
    @Nullable Section desired, @Nullable Section reported, long version, @Nullable Long deletedAt) {

  /** Before the first update. */
  static final ShadowDocument NONE = new ShadowDocument(null, null, 0, null);

  /** Whether there is something to get. */
  boolean exists() {
    return version > 0 && deletedAt == null;
  }

  /**
   * With an update.
   *
   * @param timestamp seconds since 1970
   * @throws ShadowException when the version does not match or it would be too large
   */
  ShadowDocument update(ShadowRequest request, long timestamp) throws ShadowException {
    checkVersion(request);
    ShadowDocument updated =
        new ShadowDocument(
            apply(desired, request.desired(), timestamp),
            apply(reported, request.reported(), timestamp),
            version + 1,
            null);
    if (updated.size() > Quotas.SHADOW_BYTES) {
      throw ShadowException.tooLarge();
    }
    return updated;
  }

  /** Deleted; the version stays. */
  ShadowDocument delete(ShadowRequest request, long timestamp) throws ShadowException {
    checkVersion(request);
    return new ShadowDocument(null, null, version, timestamp);
  }

  /**
   * The same, or none when it was deleted so long ago that its version is forgotten (AWS IoT Core
   * developer guide, "Interacting with shadows").
   */
  ShadowDocument forgottenAt(long now) {
    return deletedAt != null && now - deletedAt > Quotas.SHADOW_VERSION_KEPT.toSeconds()
        ? NONE
        : this;
  }

  /** Every desired leaf that is not reported so; null when there is none. */
  @Nullable Section delta() {
    if (desired == null) {
      return null;
    }
    return desired.differenceTo(reported == null ? new JsonObject() : reported.state());
  }

  private void checkVersion(ShadowRequest request) throws ShadowException {
    Long expected = request.version();
    if (expected != null && expected != version) {
      throw ShadowException.conflict();
    }
  }

  private int size() {
    return size(desired) + size(reported);
  }

  private static int size(@Nullable Section section) {
    return section == null
        ? 0
        : StrictJson.write(section.state()).getBytes(StandardCharsets.UTF_8).length;
  }

  private static @Nullable Section apply(
      @Nullable Section old, ShadowRequest.Change change, long timestamp) {
    return switch (change.kind()) {
      case UNTOUCHED -> old;
      case REMOVED -> null;
      case SENT -> (old == null ? Section.empty() : old).merge(change.sent(), timestamp);
    };
  }
}
