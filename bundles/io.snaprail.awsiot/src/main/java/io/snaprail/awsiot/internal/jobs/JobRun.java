package io.snaprail.awsiot.internal.jobs;

import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A job while it is carried out: what it is told and what it tells. */
public interface JobRun {
  /** Detail that says how far a job is. */
  String STEP = "step";

  /** Id of the job. */
  String id();

  /** What is to be done. */
  JsonObject document();

  /** What an earlier run, before a restart, has told last; empty when the job begins. */
  Map<String, String> before();

  /**
   * Tells AWS how far it is; also what a later run finds in {@link #before}.
   *
   * @throws IOException when AWS cannot be told: the job is to end, and is resumed later
   */
  void step(String step, Map<String, String> details) throws IOException, InterruptedException;

  /**
   * A text of the document.
   *
   * @throws JobFailedException when it is missing
   */
  default String required(String key) throws JobFailedException {
    Optional<String> text = JsonText.text(document(), key).filter(found -> !found.isBlank());
    return text.orElseThrow(
        () -> new JobFailedException("the job's document has no text '" + key + "'"));
  }
}
