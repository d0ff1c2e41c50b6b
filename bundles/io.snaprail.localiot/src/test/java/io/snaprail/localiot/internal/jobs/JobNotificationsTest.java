package io.snaprail.localiot.internal.jobs;

import static io.snaprail.localiot.internal.jobs.JobRig.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The series of notifications that the developer guide prints under "Jobs notifications", from the
 * first job to the empty queue, number for number.
 */
class JobNotificationsTest {
  @TempDir private Path folder;
  private JobRig rig;

  @BeforeEach
  void open() {
    rig = new JobRig(folder);
  }

  private void at(long queued, String job) throws Exception {
    rig.seconds = queued;
    rig.sent.clear();
    rig.job(job);
  }

  private void assertNotify(String expected) {
    assertThat(rig.take("notify")).containsExactly(json(expected));
  }

  private void assertNext(String expected) {
    assertThat(rig.take("notify-next")).containsExactly(json(expected));
  }

  private void assertNothing() {
    assertThat(rig.sent).isEmpty();
  }

  // The guide's service takes up to a second between queueing and telling; ours takes none, so the
  // time stamps of the messages are those of the change.
  @Test
  void theSeriesOfTheGuide() throws Exception {
    at(1517016947, "job1");
    assertNotify(
        """
        {"timestamp":1517016947,"jobs":{"QUEUED":[{"jobId":"job1","queuedAt":1517016947,
         "lastUpdatedAt":1517016947,"executionNumber":1,"versionNumber":1}]}}\
        """);
    assertNext(
        """
        {"timestamp":1517016947,"execution":{"jobId":"job1","status":"QUEUED",
         "queuedAt":1517016947,"lastUpdatedAt":1517016947,"versionNumber":1,"executionNumber":1,
         "jobDocument":{"operation":"test"}}}\
        """);

    at(1517017191, "job2");
    assertNotify(
        """
        {"timestamp":1517017191,"jobs":{"QUEUED":[
         {"jobId":"job1","queuedAt":1517016947,"lastUpdatedAt":1517016947,"executionNumber":1,
          "versionNumber":1},
         {"jobId":"job2","queuedAt":1517017191,"lastUpdatedAt":1517017191,"executionNumber":1,
          "versionNumber":1}]}}\
        """);
    assertNothing();

    rig.seconds = 1517017472;
    rig.ask("job1/update", "{\"status\":\"IN_PROGRESS\"}");
    assertNothing();

    at(1517017905, "job3");
    assertNotify(
        """
        {"timestamp":1517017905,"jobs":{"IN_PROGRESS":[
         {"jobId":"job1","queuedAt":1517016947,"lastUpdatedAt":1517017472,"startedAt":1517017472,
          "executionNumber":1,"versionNumber":2}],"QUEUED":[
         {"jobId":"job2","queuedAt":1517017191,"lastUpdatedAt":1517017191,"executionNumber":1,
          "versionNumber":1},
         {"jobId":"job3","queuedAt":1517017905,"lastUpdatedAt":1517017905,"executionNumber":1,
          "versionNumber":1}]}}\
        """);
    assertNothing();

    rig.seconds = 1517186269;
    rig.ask("job1/update", "{\"status\":\"SUCCEEDED\"}");
    assertNotify(
        """
        {"timestamp":1517186269,"jobs":{"QUEUED":[
         {"jobId":"job2","queuedAt":1517017191,"lastUpdatedAt":1517017191,"executionNumber":1,
          "versionNumber":1},
         {"jobId":"job3","queuedAt":1517017905,"lastUpdatedAt":1517017905,"executionNumber":1,
          "versionNumber":1}]}}\
        """);
    assertNext(
        """
        {"timestamp":1517186269,"execution":{"jobId":"job2","status":"QUEUED",
         "queuedAt":1517017191,"lastUpdatedAt":1517017191,"versionNumber":1,"executionNumber":1,
         "jobDocument":{"operation":"test"}}}\
        """);
  }

  @Test
  void theSeriesOfTheGuideToItsEnd() throws Exception {
    at(1517017191, "job2");
    at(1517017905, "job3");
    rig.seconds = 1517186779;
    rig.ask("job3/update", "{\"status\":\"IN_PROGRESS\"}");
    assertNext(
        """
        {"timestamp":1517186779,"execution":{"jobId":"job3","status":"IN_PROGRESS",
         "queuedAt":1517017905,"startedAt":1517186779,"lastUpdatedAt":1517186779,
         "versionNumber":2,"executionNumber":1,"jobDocument":{"operation":"test"}}}\
        """);
    assertNothing();

    rig.seconds = 1517189392;
    rig.ask("job2/update", "{\"status\":\"REJECTED\"}");
    assertNotify(
        """
        {"timestamp":1517189392,"jobs":{"IN_PROGRESS":[
         {"jobId":"job3","queuedAt":1517017905,"lastUpdatedAt":1517186779,"startedAt":1517186779,
          "executionNumber":1,"versionNumber":2}]}}\
        """);
    assertNothing();

    rig.seconds = 1517189551;
    rig.service.delete("job3", true);
    assertNotify("{\"timestamp\":1517189551,\"jobs\":{}}");
    assertNext("{\"timestamp\":1517189551}");
    assertNothing();
  }

  // "A ListNotification contains a list of no more than 10 pending job executions."
  @Test
  void listsTenAtMost() throws Exception {
    for (int i = 0; i < 11; i++) {
      at(1000 + i, "job" + i);
    }
    assertThat(
            rig.take("notify")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("jobs")
                .getAsJsonArray("QUEUED"))
        .hasSize(10);
  }
}
