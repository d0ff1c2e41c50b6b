package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import io.snaprail.localiot.internal.jobs.Job;
import io.snaprail.localiot.internal.jobs.JobExecution;
import io.snaprail.localiot.internal.jobs.JobOrder;
import io.snaprail.localiot.internal.service.ServiceException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Calls on jobs, provisioning templates and rules. */
final class JobCalls {
  private static final int MAX_TIMEOUT_MINUTES = 10_080;

  private final PartsSource parts;

  JobCalls(PartsSource parts) {
    this.parts = parts;
  }

  /** Something that a service may refuse. */
  @FunctionalInterface
  private interface Work {
    ConsoleAnswer of(Parts parts, ConsoleRequest request, Body body)
        throws ServiceException, ConsoleException;
  }

  List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("jobs", Role.VIEWER, "Jobs", on(JobCalls::list)),
        ConsoleCall.read("jobs/{id}", Role.VIEWER, "A job with its executions", on(JobCalls::job)),
        change("POST", "jobs", Role.OPERATOR, "Create a job", JobCalls::create),
        change(
            "POST",
            "jobs/{id}/cancel",
            Role.OPERATOR,
            "Cancel a job",
            (all, request, body) -> {
              all.jobs().cancel(request.parameter("id"), body.flag("force"));
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "jobs/{id}/executions/{thing}/cancel",
            Role.OPERATOR,
            "Cancel the execution on one thing",
            (all, request, body) -> {
              all.jobs()
                  .cancelExecution(
                      request.parameter("id"), request.parameter("thing"), body.flag("force"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "jobs/{id}",
            Role.OPERATOR,
            "Delete a job",
            (all, request, body) -> {
              all.jobs().delete(request.parameter("id"), true);
              return RegistryCalls.done();
            }),
        ConsoleCall.read(
            "templates", Role.VIEWER, "Provisioning templates", on(JobCalls::templates)),
        ConsoleCall.read(
            "templates/{name}", Role.VIEWER, "A provisioning template", on(JobCalls::template)),
        change(
            "PUT",
            "templates/{name}",
            Role.ADMIN,
            "Make or replace a provisioning template",
            (all, request, body) -> {
              all.provisioning().putTemplate(request.parameter("name"), body.text("document"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "templates/{name}",
            Role.ADMIN,
            "Delete a provisioning template",
            (all, request, body) -> {
              all.provisioning().deleteTemplate(request.parameter("name"));
              return RegistryCalls.done();
            }),
        ConsoleCall.read("rules", Role.VIEWER, "Rules with their documents", on(JobCalls::rules)),
        change(
            "PUT",
            "rules/{name}",
            Role.ADMIN,
            "Make or replace a rule",
            (all, request, body) -> {
              all.rules().put(request.parameter("name"), body.text("document"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "rules/{name}",
            Role.ADMIN,
            "Delete a rule",
            (all, request, body) -> {
              all.rules().delete(request.parameter("name"));
              return RegistryCalls.done();
            }));
  }

  private ConsoleCall change(String method, String path, Role role, String summary, Work work) {
    return ConsoleCall.change(method, path, role, summary, on(work));
  }

  private ConsoleCall.Handler on(Work work) {
    return request -> {
      try {
        return work.of(parts.require(), request, Body.of(request));
      } catch (ServiceException e) {
        throw refusal(e);
      }
    };
  }

  /** What a service does not do, as an answer. */
  static ConsoleException refusal(ServiceException e) {
    return new ConsoleException(
        e.status(), e.errorCode(), RegistryCalls.sentence(e.words()), e.status() >= 500 ? e : null);
  }

  private static ConsoleAnswer list(Parts all, ConsoleRequest request, Body body)
      throws ServiceException {
    JsonArray jobs = new JsonArray();
    for (Job job : all.jobs().list()) {
      jobs.add(summary(job));
    }
    JsonObject json = new JsonObject();
    json.add("jobs", jobs);
    return RegistryCalls.json(json);
  }

  private static JsonObject summary(Job job) {
    JsonObject json = new JsonObject();
    json.addProperty("id", job.order().id());
    json.addProperty("status", job.status().name());
    json.addProperty("description", job.order().description());
    json.addProperty("continuous", job.order().targets().continuous());
    json.add("things", RegistryCalls.array(job.order().targets().things()));
    json.add("groups", RegistryCalls.array(job.order().targets().groups()));
    json.addProperty("created", Instant.ofEpochSecond(job.createdAt()).toString());
    TreeMap<String, Integer> counts = new TreeMap<>();
    job.executions().values().forEach(one -> counts.merge(one.status().name(), 1, Integer::sum));
    JsonObject states = new JsonObject();
    counts.forEach(states::addProperty);
    json.add("states", states);
    return json;
  }

  private static ConsoleAnswer job(Parts all, ConsoleRequest request, Body body)
      throws ServiceException {
    Job job = all.jobs().get(request.parameter("id"));
    JsonObject json = summary(job);
    json.addProperty("document", job.order().document());
    JsonArray executions = new JsonArray();
    job.executions().values().forEach(one -> executions.add(execution(one)));
    json.add("executions", executions);
    return RegistryCalls.json(json);
  }

  private static JsonObject execution(JobExecution execution) {
    JsonObject json = new JsonObject();
    json.addProperty("thing", execution.thing());
    json.addProperty("status", execution.status().name());
    json.addProperty(
        "updated", Instant.ofEpochSecond(execution.times().lastUpdatedAt()).toString());
    JsonObject details = new JsonObject();
    execution.details().forEach(details::addProperty);
    json.add("details", details);
    return json;
  }

  private static ConsoleAnswer create(Parts all, ConsoleRequest request, Body body)
      throws ServiceException, ConsoleException {
    String thing = body.optional("thing");
    String group = body.optional("group");
    JobOrder order =
        new JobOrder(
            body.text("id"),
            new JobOrder.Targets(
                thing.isEmpty() ? List.of() : List.of(thing),
                group.isEmpty() ? List.of() : List.of(group),
                body.flag("continuous")),
            body.text("document"),
            body.optional("description"),
            body.has("timeoutMinutes") ? body.number("timeoutMinutes", 0, MAX_TIMEOUT_MINUTES) : 0);
    return RegistryCalls.json(summary(all.jobs().create(order)));
  }

  private static ConsoleAnswer templates(Parts all, ConsoleRequest request, Body body)
      throws ServiceException {
    JsonObject json = new JsonObject();
    json.add("templates", RegistryCalls.array(all.provisioning().templates()));
    return RegistryCalls.json(json);
  }

  private static ConsoleAnswer rules(Parts all, ConsoleRequest request, Body body)
      throws ServiceException {
    JsonArray rules = new JsonArray();
    all.rules()
        .list()
        .forEach(
            (name, document) -> {
              JsonObject rule = new JsonObject();
              rule.addProperty("name", name);
              rule.addProperty("document", document);
              rules.add(rule);
            });
    JsonObject json = new JsonObject();
    json.add("rules", rules);
    return RegistryCalls.json(json);
  }

  private static ConsoleAnswer template(Parts all, ConsoleRequest request, Body body)
      throws ServiceException {
    JsonObject json = new JsonObject();
    json.addProperty("document", all.provisioning().template(request.parameter("name")));
    return RegistryCalls.json(json);
  }
}
