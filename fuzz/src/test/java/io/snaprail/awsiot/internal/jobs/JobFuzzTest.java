package io.snaprail.awsiot.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonObject;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Whatever a job's document says: it is carried out, or the job ends with a reason. */
class JobFuzzTest {
  private static final ProblemBoard BOARD =
      new ProblemBoard() {
        @Override
        public void report(String source, List<Problem> problems) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<Entry> problems() {
          return List.of();
        }
      };

  /** An answer of the jobs service. */
  @FuzzTest
  void execution(FuzzedDataProvider data) throws InterruptedException {
    run(data.consumeRemainingAsBytes());
  }

  /** An answer that is one but for the document. */
  @FuzzTest
  void document(FuzzedDataProvider data) throws InterruptedException {
    String document = data.consumeRemainingAsString();
    run(
        ("{\"execution\":{\"jobId\":\"1\",\"versionNumber\":1,\"jobDocument\":" + document + "}}")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void run(byte[] answer) throws InterruptedException {
    JobExecution execution;
    try {
      execution = JobExecution.read(JsonText.object(answer));
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    if (execution == null) {
      return;
    }
    List<JobOperation> operations =
        List.of(
            new ApplyConfiguration(() -> null, BOARD, "own"),
            new RotateCertificate(() -> null, "id", ""),
            new SupportBundle(() -> null),
            new DeployBundle(
                () -> null, io.snaprail.api.deploy.DeploymentOrder.Action.UPDATE, "uplink"),
            new DeployBundle(
                () -> null, io.snaprail.api.deploy.DeploymentOrder.Action.REMOVE, "uplink"));
    for (JobOperation operation : operations) {
      try {
        operation.run(new Fixed(execution));
        throw new AssertionError("nothing can be done here");
      } catch (JobFailedException | IOException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private record Fixed(JobExecution execution) implements JobRun {
    @Override
    public String id() {
      return execution.id();
    }

    @Override
    public JsonObject document() {
      return execution.document();
    }

    @Override
    public Map<String, String> before() {
      return execution.details();
    }

    @Override
    public void step(String step, Map<String, String> details) {
      assertThat(step).isNotBlank();
    }
  }
}
