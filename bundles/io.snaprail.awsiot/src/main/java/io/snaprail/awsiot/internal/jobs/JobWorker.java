package io.snaprail.awsiot.internal.jobs;

import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.awsiot.internal.call.Calls;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out jobs one after the other, in the order in which AWS gives them, with a thread of its
 * own. One that was under way at a restart comes first again. Operations that are not allowed here
 * are rejected.
 */
public final class JobWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final long STOP_MS = 2_000;

  /** AWS IoT Core quota: a value of the status details has 1..1024 characters. */
  private static final int DETAIL = 1_024;

  private final String topics;
  private final Map<String, JobOperation> operations;
  private final Audit audit;
  private final Calls calls;
  private final MqttSession.Subscription subscription;
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopped;

  /** Where it is written down what is done. */
  @FunctionalInterface
  public interface Audit {
    /**
     * A job begins ({@code attempt}), has ended ({@code ok}, {@code failed}) or is {@code refused}.
     *
     * @throws JobFailedException when it cannot be written down: then nothing is done
     */
    void job(String id, String operation, String outcome, String words) throws JobFailedException;
  }

  /**
   * Starts.
   *
   * @param name of the uplink
   * @param operations that are allowed, by their name in the job's document
   */
  public JobWorker(
      String name,
      MqttSession session,
      String thing,
      Map<String, JobOperation> operations,
      Audit audit) {
    this.topics = "$aws/things/" + thing + "/jobs/";
    this.operations = Map.copyOf(operations);
    this.audit = audit;
    this.calls = new Calls(session, List.of(topics + "start-next", topics + "+/update"));
    this.subscription = session.subscribe(topics + "notify-next", new Next());
    this.thread = new Thread(this::run, "snaprail-awsiot-" + name + "-jobs");
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** A new job, or a new connection. */
  private final class Next implements MessageHandler {
    @Override
    public void message(String topic, byte[] payload) {
      work.release();
    }

    @Override
    public void ready(Set<String> refused) {
      work.release();
    }
  }

  // A task begins here: nothing that is thrown may end the thread.
  @SuppressWarnings("CatchingUnchecked")
  private void run() {
    try {
      while (!stopped) {
        work.acquire();
        work.drainPermits();
        try {
          calls.ready().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
          while (!stopped && one()) {
            LOG.debug("{}: looking for the next job", topics);
          }
        } catch (IOException | ExecutionException | TimeoutException e) {
          LOG.info("{}: {}; trying again", topics, String.valueOf(e.getMessage()));
          again();
        } catch (RuntimeException e) {
          LOG.error("{}: a job ended with an internal fault", topics, e);
          again();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{}: stopped", topics);
    }
  }

  private void again() throws InterruptedException {
    // A new job, or a new connection, is the better reason.
    if (!work.tryAcquire(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.debug("{}: nobody has called", topics);
    }
    work.release();
  }

  /** Carries out the next one; whether there was one. */
  private boolean one() throws IOException, InterruptedException {
    JsonObject answer = await(topics + "start-next", new JsonObject());
    JobExecution execution = JobExecution.read(answer);
    if (execution == null) {
      return false;
    }
    String name = JsonText.text(execution.document(), "operation").orElse("");
    JobOperation operation = operations.get(name);
    if (operation == null) {
      reject(execution, name);
      return true;
    }
    LOG.info("job '{}' ({}) {}", execution.id(), name, execution.resumed() ? "goes on" : "begins");
    Running run = new Running(execution);
    try {
      audit.job(execution.id(), name, "attempt", "");
      Map<String, String> details = operation.run(run);
      run.report("SUCCEEDED", details);
      note(execution, name, "ok", "");
    } catch (JobFailedException e) {
      String words = String.valueOf(e.getMessage());
      run.report(e.rejected() ? "REJECTED" : "FAILED", Map.of("reason", words));
      note(execution, name, e.rejected() ? "refused" : "failed", words);
    }
    return true;
  }

  private void note(JobExecution execution, String name, String outcome, String words) {
    try {
      audit.job(execution.id(), name, outcome, words);
    } catch (JobFailedException e) {
      LOG.warn("job '{}' is {}: {}", execution.id(), outcome, String.valueOf(e.getMessage()));
    }
  }

  private void reject(JobExecution execution, String name)
      throws IOException, InterruptedException {
    String words =
        name.isEmpty()
            ? "the job's document has no text 'operation'"
            : "the operation '%s' is not allowed on this gateway; 'jobs.allow' of the uplink has %s"
                .formatted(name, operations.isEmpty() ? "none" : String.join(", ", names()));
    new Running(execution).report("REJECTED", Map.of("reason", words));
    note(execution, name, "refused", words);
  }

  private List<String> names() {
    return operations.keySet().stream().sorted().toList();
  }

  private JsonObject await(String topic, JsonObject request)
      throws IOException, InterruptedException {
    try {
      return calls.call(topic, request, ANSWER).get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      throw new IOException(
          "no answer to '" + topic + "' within " + ANSWER.toSeconds() + " s", cause);
    }
  }

  /** The job that is under way. */
  private final class Running implements JobRun {
    private final JobExecution execution;
    private final Map<String, String> told;

    Running(JobExecution execution) {
      this.execution = execution;
      this.told = new LinkedHashMap<>(execution.details());
    }

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
      return execution.resumed() ? execution.details() : Map.of();
    }

    @Override
    public void step(String step, Map<String, String> details)
        throws IOException, InterruptedException {
      Map<String, String> more = new LinkedHashMap<>(details);
      more.put(STEP, step);
      report("IN_PROGRESS", more);
    }

    void report(String status, Map<String, String> details)
        throws IOException, InterruptedException {
      told.putAll(details);
      JsonObject request = new JsonObject();
      request.addProperty("status", status);
      JsonObject all = new JsonObject();
      told.forEach((key, value) -> all.addProperty(key, shortened(value)));
      request.add("statusDetails", all);
      await(topics + execution.id() + "/update", request);
    }
  }

  private static String shortened(String value) {
    String text = value.isEmpty() ? "-" : value;
    return text.length() <= DETAIL ? text : text.substring(0, DETAIL - 1) + "…";
  }

  /** Ends the thread; a job that is under way goes on after the next start. */
  @Override
  public void close() {
    stopped = true;
    subscription.close();
    calls.close();
    thread.interrupt();
    try {
      thread.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
