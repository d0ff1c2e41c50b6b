package io.snaprail.localiot.internal.jobs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Jobs on disk, one file each with all its executions, replaced as a whole. */
final class JobFiles {
  private static final String SUFFIX = ".json";

  private final Path folder;

  JobFiles(Path folder) {
    this.folder = folder;
  }

  /** Reads all jobs; what cannot be read is told and left alone. */
  List<Job> readAll(Consumer<String> faults) {
    List<Job> jobs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        read(file, jobs, faults);
      }
    } catch (NoSuchFileException nothingYet) {
      return jobs;
    } catch (IOException e) {
      faults.accept(folder + " cannot be read: " + e.getMessage());
    }
    return jobs;
  }

  void write(Job job) throws IOException {
    byte[] text = StrictJson.writePretty(json(job)).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file(job.id()), text, AtomicFile.PRIVATE);
  }

  void delete(String id) throws IOException {
    AtomicFile.delete(file(id));
  }

  /** Whether there is a file, which may be one that could not be read. */
  boolean exists(String id) {
    return Files.exists(file(id));
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  private static void read(Path file, List<Job> jobs, Consumer<String> faults) {
    String name = file.getFileName().toString();
    String id = name.substring(0, name.length() - SUFFIX.length());
    try {
      jobs.add(job(id, StrictJson.parseObject(Files.readString(file))));
    } catch (IOException | JsonException | JobsException | IllegalArgumentException e) {
      faults.accept(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; restore it from a backup, or move it away to be without this job");
    }
  }

  private static JsonObject json(Job job) {
    JsonObject json = new JsonObject();
    JobOrder order = job.order();
    json.addProperty("status", job.status().name());
    json.addProperty("createdAt", job.createdAt());
    json.addProperty("number", job.number());
    json.addProperty("description", order.description());
    json.add("things", array(order.targets().things()));
    json.add("groups", array(order.targets().groups()));
    json.addProperty("continuous", order.targets().continuous());
    json.addProperty("timeoutMinutes", order.timeoutMinutes());
    json.addProperty("document", order.document());
    JsonObject executions = new JsonObject();
    job.executions().forEach((thing, one) -> executions.add(thing, json(one)));
    json.add("executions", executions);
    return json;
  }

  private static JsonObject json(JobExecution execution) {
    JsonObject json = new JsonObject();
    json.addProperty("status", execution.status().name());
    json.addProperty("version", execution.version());
    JsonObject details = new JsonObject();
    execution.details().forEach(details::addProperty);
    json.add("details", details);
    JobExecution.Times times = execution.times();
    json.addProperty("queuedAt", times.queuedAt());
    json.addProperty("lastUpdatedAt", times.lastUpdatedAt());
    add(json, "startedAt", times.startedAt());
    add(json, "stepEnd", times.stepEnd());
    add(json, "end", times.end());
    return json;
  }

  private static Job job(String id, JsonObject json) throws JsonException, JobsException {
    JobOrder.Targets targets =
        new JobOrder.Targets(
            Members.strings(json, "things"),
            Members.strings(json, "groups"),
            Members.bool(json, "continuous"));
    JobOrder order =
        new JobOrder(
            id,
            targets,
            Members.string(json, "document"),
            Members.string(json, "description"),
            (int) Members.number(json, "timeoutMinutes"));
    order.check();
    Map<String, JobExecution> executions = new LinkedHashMap<>();
    JsonObject all = Members.object(json, "executions");
    for (String thing : all.keySet()) {
      executions.put(thing, execution(thing, Members.object(all, thing)));
    }
    return new Job(
        order,
        Job.Status.valueOf(Members.string(json, "status")),
        Members.number(json, "createdAt"),
        Members.number(json, "number"),
        executions);
  }

  private static JobExecution execution(String thing, JsonObject json) throws JsonException {
    Map<String, String> details = new HashMap<>();
    JsonObject told = Members.object(json, "details");
    for (String key : told.keySet()) {
      details.put(key, Members.string(told, key));
    }
    return new JobExecution(
        thing,
        ExecutionStatus.valueOf(Members.string(json, "status")),
        details,
        Members.number(json, "version"),
        new JobExecution.Times(
            Members.number(json, "queuedAt"),
            optional(json, "startedAt"),
            Members.number(json, "lastUpdatedAt"),
            optional(json, "stepEnd"),
            optional(json, "end")));
  }

  private static void add(JsonObject json, String name, @Nullable Long value) {
    if (value != null) {
      json.add(name, new JsonPrimitive(value));
    }
  }

  private static @Nullable Long optional(JsonObject json, String name) throws JsonException {
    return json.has(name) ? Members.number(json, name) : null;
  }

  private static JsonArray array(List<String> names) {
    JsonArray array = new JsonArray();
    names.forEach(array::add);
    return array;
  }
}
