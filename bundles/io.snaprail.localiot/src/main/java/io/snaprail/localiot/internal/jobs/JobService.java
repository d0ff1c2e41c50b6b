package io.snaprail.localiot.internal.jobs;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.broker.TopicService;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceException;
import io.snaprail.localiot.internal.service.ServiceThread;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The jobs service: on its topics under {@code $aws/things/T/jobs}, and as operations for the REST
 * twin and for pages. An answer goes to the client that has asked, whether it has subscribed or
 * not, and to nobody else; notifications go to whoever has subscribed. Safe for any thread.
 */
public final class JobService implements TopicService {
  private static final Pattern TOPIC =
      Pattern.compile("\\$aws/things/([a-zA-Z0-9:_-]{1,128})/jobs/(.+)");
  private static final Pattern EXECUTION =
      Pattern.compile("(\\$next|[a-zA-Z0-9_-]{1,64})/(get|update)");

  private final JobTable table;
  private final Jobs jobs;
  private final JobControl control;
  private final ServiceThread thread;
  private final Outbox outbox;
  private final RequestGate gate;
  private final Consumer<String> faults;

  /**
   * Where jobs are kept, and whose.
   *
   * @param folder made when needed
   * @param targets things and groups
   * @param clock for time stamps and timers, which have to survive a restart
   * @param faults told what people should know
   */
  public record Store(Path folder, JobTargets targets, Clock clock, Consumer<String> faults) {}

  /**
   * Reads the jobs that are there.
   *
   * @param gate by thing
   */
  public JobService(Store store, ServiceThread thread, Outbox outbox, RequestGate gate) {
    this.table = new JobTable(store.folder(), store.clock(), store.faults());
    this.jobs = new Jobs(table);
    this.control = new JobControl(table, store.targets());
    this.thread = thread;
    this.outbox = outbox;
    this.gate = gate;
    this.faults = store.faults();
  }

  // ---- topics

  @Override
  public boolean serves(String topic) {
    Matcher matcher = TOPIC.matcher(topic);
    if (!matcher.matches()) {
      return false;
    }
    String rest = matcher.group(2);
    return !rest.startsWith("notify") && !rest.endsWith("/accepted") && !rest.endsWith("/rejected");
  }

  @Override
  public void request(String clientId, String topic, byte[] payload) {
    Matcher matcher = TOPIC.matcher(topic);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a jobs topic, found '" + topic + "'");
    }
    String thing = matcher.group(1);
    if (!gate.enter(thing)) {
      JobsException throttled =
          new JobsException(JobError.REQUEST_THROTTLED, "too many requests of thing " + thing);
      reject(clientId, topic, payload, throttled);
      return;
    }
    thread.execute(
        () -> {
          try {
            answer(clientId, new Request(topic, thing, matcher.group(2), payload));
          } finally {
            gate.leave(thing);
          }
          tell();
        });
  }

  private record Request(
      String topic,
      String thing,
      String rest,
      @SuppressWarnings("ArrayRecordComponent") byte[] payload) {}

  private void answer(String clientId, Request request) {
    try {
      JobRequest parsed = JobRequest.of(request.payload());
      String token = parsed.clientToken();
      JsonObject answer = perform(request.thing(), request.rest(), parsed);
      outbox.answer(clientId, request.topic() + "/accepted", finished(answer, token));
    } catch (JobsException e) {
      reject(clientId, request.topic(), request.payload(), e);
    }
  }

  private JsonObject perform(String thing, String rest, JobRequest request) throws JobsException {
    if (rest.equals("get")) {
      return jobs.pending(thing);
    }
    if (rest.equals("start-next")) {
      return jobs.startNext(thing, request);
    }
    Matcher execution = EXECUTION.matcher(rest);
    if (!execution.matches()) {
      throw new JobsException(
          JobError.INVALID_TOPIC,
          "no operation has this topic: expected get, start-next, JOB/get or JOB/update behind"
              + " 'jobs/', found '"
              + rest
              + "'");
    }
    return execution.group(2).equals("get")
        ? jobs.describe(thing, execution.group(1), request)
        : jobs.update(thing, execution.group(1), request);
  }

  private void reject(String clientId, String topic, byte[] payload, JobsException reason) {
    JsonObject answer = JobAnswers.rejected(reason);
    outbox.answer(clientId, topic + "/rejected", finished(answer, JobRequest.tokenOf(payload)));
  }

  private JsonObject finished(JsonObject answer, @Nullable String token) {
    answer.addProperty("timestamp", table.now());
    if (token != null) {
      answer.addProperty("clientToken", token);
    }
    return answer;
  }

  private void tell() {
    for (JobTable.Notice notice : table.takeNotices()) {
      String prefix = "$aws/things/" + notice.thing() + "/jobs/";
      List<JobAnswers.Entry> pending = table.pending(notice.thing());
      if (notice.listChanged()) {
        outbox.publish(prefix + "notify", JobAnswers.notification(pending, table.now()));
      }
      if (notice.nextChanged()) {
        outbox.publish(
            prefix + "notify-next",
            JobAnswers.nextNotification(pending.isEmpty() ? null : pending.get(0), table.now()));
      }
    }
  }

  /** Ends what takes too long, and follows groups. Call it now and then. */
  public void sweep() {
    thread.execute(
        () -> {
          control.sweep(faults);
          tell();
        });
  }

  // ---- operations of devices, for the REST twin

  /** {@code GET /things/T/jobs}. */
  public JsonObject pending(String thing) throws ServiceException {
    return thread.call(() -> jobs.pending(thing));
  }

  /** {@code PUT /things/T/jobs/$next}. */
  public JsonObject startNext(String thing, byte[] payload) throws ServiceException {
    return changing(() -> jobs.startNext(thing, JobRequest.of(payload)));
  }

  /** {@code GET /things/T/jobs/ID}; the payload holds what the query says. */
  public JsonObject describe(String thing, String id, JsonObject query) throws ServiceException {
    return thread.call(() -> jobs.describe(thing, id, JobRequest.of(Outbox.bytes(query))));
  }

  /** {@code POST /things/T/jobs/ID}. */
  public JsonObject update(String thing, String id, byte[] payload) throws ServiceException {
    return changing(() -> jobs.update(thing, id, JobRequest.of(payload)));
  }

  // ---- operations of people

  /** Makes a job: its executions are queued and its things are told. */
  public Job create(JobOrder order) throws ServiceException {
    return changing(() -> control.create(order));
  }

  /** All jobs, in the order in which they were made. */
  public Collection<Job> list() throws ServiceException {
    return thread.call(table::all);
  }

  /** One job with its executions. */
  public Job get(String id) throws ServiceException {
    return thread.call(() -> table.get(id));
  }

  /** Calls a job off; {@code force} also what is in progress. */
  public Job cancel(String id, boolean force) throws ServiceException {
    return changing(() -> control.cancel(id, force));
  }

  /** Calls one execution off; {@code force} also when it is in progress. */
  public Job cancelExecution(String id, String thing, boolean force) throws ServiceException {
    return changing(() -> control.cancelExecution(id, thing, force));
  }

  /** Deletes a job; {@code force} also when it is in progress. */
  public void delete(String id, boolean force) throws ServiceException {
    changing(
        () -> {
          control.delete(id, force);
          return true;
        });
  }

  /** Deletes one execution; {@code force} also when it is in progress. */
  public void deleteExecution(String id, String thing, boolean force) throws ServiceException {
    changing(
        () -> {
          control.deleteExecution(id, thing, force);
          return true;
        });
  }

  private <T> T changing(ServiceThread.Task<T> task) throws ServiceException {
    return thread.call(
        () -> {
          try {
            return task.run();
          } finally {
            tell();
          }
        });
  }
}
