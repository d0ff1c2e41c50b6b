package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.snaprail.localiot.internal.jobs.ExecutionStatus;
import io.snaprail.localiot.internal.jobs.JobOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.iot.iotjobs.IotJobsV2Client;
import software.amazon.awssdk.iot.iotjobs.model.DescribeJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.GetPendingJobExecutionsRequest;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionsChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionsChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.JobStatus;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotjobs.model.StartNextJobExecutionResponse;
import software.amazon.awssdk.iot.iotjobs.model.StartNextPendingJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionResponse;
import software.amazon.awssdk.iot.iotjobs.model.V2ErrorResponseException;

/** The jobs client of AWS IoT Device SDK for Java v2 against the endpoint. */
class AwsSdkV2JobsTest {
  private static final String THING = RunningEndpoint.THING;

  @TempDir private Path folder;
  private RunningEndpoint running;
  private AwsConnection connection;
  private IotJobsV2Client client;

  @BeforeEach
  void connect() throws Exception {
    running = new RunningEndpoint(folder);
    connection = new AwsConnection(THING, running.port(), AwsConnection.Files.of(running, "demo"));
    client = connection.client(c -> IotJobsV2Client.newFromMqtt311(c, AwsConnection.options()));
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
    connection.close();
    running.close();
  }

  private void make(String id) throws Exception {
    running
        .services()
        .jobs()
        .create(
            new JobOrder(
                id,
                new JobOrder.Targets(List.of(THING), List.of(), false),
                "{\"operation\":\"" + id + "\"}",
                "",
                0));
  }

  private static UpdateJobExecutionRequest update(String id, JobStatus status) {
    UpdateJobExecutionRequest request = new UpdateJobExecutionRequest();
    request.thingName = THING;
    request.jobId = id;
    request.status = status;
    return request;
  }

  @Test
  void isToldOfAJobStartsItAndReportsItDone() throws Exception {
    AwsConnection.Events<JobExecutionsChangedEvent> lists = new AwsConnection.Events<>();
    AwsConnection.Events<NextJobExecutionChangedEvent> nexts = new AwsConnection.Events<>();
    JobExecutionsChangedSubscriptionRequest list = new JobExecutionsChangedSubscriptionRequest();
    list.thingName = THING;
    NextJobExecutionChangedSubscriptionRequest next =
        new NextJobExecutionChangedSubscriptionRequest();
    next.thingName = THING;
    try (AutoCloseable one =
            AwsConnection.open(lists, o -> client.createJobExecutionsChangedStream(list, o));
        AutoCloseable two =
            AwsConnection.open(nexts, o -> client.createNextJobExecutionChangedStream(next, o))) {
      assertThat(one).isNotEqualTo(two);
      make("install");
      assertThat(lists.next().jobs.get(JobStatus.QUEUED).get(0).jobId).isEqualTo("install");
      assertThat(nexts.next().execution.jobDocument).containsEntry("operation", "install");

      StartNextPendingJobExecutionRequest start = new StartNextPendingJobExecutionRequest();
      start.thingName = THING;
      StartNextJobExecutionResponse started =
          AwsConnection.get(client.startNextPendingJobExecution(start));
      assertThat(started.execution.jobId).isEqualTo("install");
      assertThat(started.execution.status).isEqualTo(JobStatus.IN_PROGRESS);
      assertThat(started.execution.versionNumber).isEqualTo(2);

      UpdateJobExecutionRequest done = update("install", JobStatus.SUCCEEDED);
      done.expectedVersion = 2;
      done.statusDetails = new HashMap<>(Map.of("result", "fine"));
      done.includeJobExecutionState = true;
      UpdateJobExecutionResponse updated = AwsConnection.get(client.updateJobExecution(done));
      assertThat(updated.executionState.status).isEqualTo(JobStatus.SUCCEEDED);
      assertThat(lists.next().jobs).isEmpty();
      assertThat(nexts.next().execution).isNull();
      assertThat(running.services().jobs().get("install").executions().get(THING).status())
          .isEqualTo(ExecutionStatus.SUCCEEDED);
    }
  }

  @Test
  void listsAndDescribesWhatIsPending() throws Exception {
    make("one");
    make("two");
    GetPendingJobExecutionsRequest get = new GetPendingJobExecutionsRequest();
    get.thingName = THING;
    assertThat(AwsConnection.get(client.getPendingJobExecutions(get)).queuedJobs)
        .extracting(summary -> summary.jobId)
        .containsExactly("one", "two");
    DescribeJobExecutionRequest describe = new DescribeJobExecutionRequest();
    describe.thingName = THING;
    describe.jobId = "$next";
    assertThat(AwsConnection.get(client.describeJobExecution(describe)).execution.jobDocument)
        .containsEntry("operation", "one");
    describe.jobId = "two";
    describe.includeJobDocument = false;
    assertThat(AwsConnection.get(client.describeJobExecution(describe)).execution.jobDocument)
        .isNull();
  }

  @Test
  void readsTheErrors() throws Exception {
    make("one");
    UpdateJobExecutionRequest mismatch = update("one", JobStatus.IN_PROGRESS);
    mismatch.expectedVersion = 9;
    V2ErrorResponseException rejected =
        (V2ErrorResponseException)
            catchThrowable(() -> AwsConnection.get(client.updateJobExecution(mismatch)));
    assertThat(rejected.getModeledError().code).isEqualTo(RejectedErrorCode.VERSION_MISMATCH);
    assertThat(rejected.getModeledError().executionState.versionNumber).isEqualTo(1);

    AwsConnection.get(client.updateJobExecution(update("one", JobStatus.FAILED)));
    rejected =
        (V2ErrorResponseException)
            catchThrowable(
                () ->
                    AwsConnection.get(
                        client.updateJobExecution(update("one", JobStatus.IN_PROGRESS))));
    assertThat(rejected.getModeledError().code)
        .isEqualTo(RejectedErrorCode.INVALID_STATE_TRANSITION);
    rejected =
        (V2ErrorResponseException)
            catchThrowable(
                () -> AwsConnection.get(client.updateJobExecution(update("no", JobStatus.FAILED))));
    assertThat(rejected.getModeledError().code).isEqualTo(RejectedErrorCode.RESOURCE_NOT_FOUND);
  }
}
