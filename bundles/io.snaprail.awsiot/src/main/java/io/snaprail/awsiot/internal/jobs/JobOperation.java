package io.snaprail.awsiot.internal.jobs;

import java.io.IOException;
import java.util.Map;

/** One kind of job. */
public interface JobOperation {
  /**
   * Carries a job out to its end. After a restart it is called again for the same job, with what
   * was told last, and goes on from there.
   *
   * @return details for the report of success
   * @throws JobFailedException when it failed for good
   * @throws IOException when AWS could not be told; it is tried again with the next connection
   */
  Map<String, String> run(JobRun run) throws JobFailedException, IOException, InterruptedException;
}
