package io.snaprail.localiot.internal.rest;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.broker.HttpMessages;
import io.snaprail.localiot.internal.jobs.JobService;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.service.ServiceException;
import io.snaprail.localiot.internal.shadow.ShadowOperations;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * What is behind each path (developer guide, "Device Shadow REST API", "Jobs device HTTP API",
 * "HTTPS"; API reference, GetRetainedMessage). Used by the services' thread only.
 */
final class RestRoutes {
  private final RestPolicies policies;
  private final Parts parts;

  RestRoutes(RestPolicies policies, Parts parts) {
    this.policies = policies;
    this.parts = parts;
  }

  /**
   * What it leads to.
   *
   * @param arns names of resources
   * @param clock for time stamps of errors
   */
  record Parts(
      ShadowOperations shadows, JobService jobs, HttpMessages messages, Arns arns, Clock clock) {}

  RestAnswer handle(RestRequest request) {
    try {
      return RestAnswer.ok(route(request));
    } catch (ServiceException e) {
      return request.path().contains("shadow") ? failedShadow(e) : failed(e);
    }
  }

  /** An error as most of AWS's operations tell it. */
  static RestAnswer failed(ServiceException reason) {
    JsonObject body = new JsonObject();
    body.addProperty("message", reason.words());
    body.addProperty("traceId", UUID.randomUUID().toString());
    return new RestAnswer(reason.status(), reason.errorCode(), body);
  }

  // Shadows have a document of their own for it, the same as over MQTT.
  private RestAnswer failedShadow(ServiceException reason) {
    JsonObject body = new JsonObject();
    body.addProperty("code", reason.status());
    body.addProperty("message", reason.words());
    body.addProperty("timestamp", parts.clock().instant().getEpochSecond());
    return new RestAnswer(reason.status(), reason.errorCode(), body);
  }

  private JsonObject route(RestRequest request) throws ServiceException {
    List<String> path = request.path();
    String first = path.get(0);
    if (first.equals("things") && path.size() == 3 && path.get(2).equals("shadow")) {
      return shadow(request, path.get(1));
    }
    if (first.equals("things") && path.size() >= 3 && path.get(2).equals("jobs")) {
      return path.size() == 3
          ? pendingJobs(request, path.get(1))
          : job(request, path.get(1), String.join("/", path.subList(3, path.size())));
    }
    if (first.equals("topics") && path.size() > 1) {
      return publish(request, String.join("/", path.subList(1, path.size())));
    }
    if (first.equals("retainedMessage") && path.size() > 1) {
      return retained(request, String.join("/", path.subList(1, path.size())));
    }
    if (path.size() == 5
        && path.subList(0, 4)
            .equals(List.of("api", "things", "shadow", "ListNamedShadowsForThing"))) {
      return namedShadows(request, path.get(4));
    }
    throw new ServiceException(
        404, "ResourceNotFoundException", "nothing is at /" + String.join("/", path));
  }

  private JsonObject shadow(RestRequest request, String thing) throws ServiceException {
    String name = request.query("name");
    String resource = parts.arns().thing(thing);
    return switch (request.method()) {
      case "GET" -> {
        policies.require(request.client(), "iot:GetThingShadow", resource);
        yield parts.shadows().get(thing, name);
      }
      case "POST" -> {
        policies.require(request.client(), "iot:UpdateThingShadow", resource);
        yield parts.shadows().update(thing, name, request.body());
      }
      case "DELETE" -> {
        policies.require(request.client(), "iot:DeleteThingShadow", resource);
        yield parts.shadows().delete(thing, name);
      }
      default -> throw method(request, "GET, POST or DELETE");
    };
  }

  private JsonObject namedShadows(RestRequest request, String thing) throws ServiceException {
    requireMethod(request, "GET");
    policies.require(request.client(), "iot:ListNamedShadowsForThing", parts.arns().thing(thing));
    return parts.shadows().list(thing, number(request, "pageSize"), request.query("nextToken"));
  }

  private JsonObject pendingJobs(RestRequest request, String thing) throws ServiceException {
    requireMethod(request, "GET");
    policies.require(request.client(), "iot:GetPendingJobExecutions", parts.arns().thing(thing));
    return parts.jobs().pending(thing);
  }

  private JsonObject job(RestRequest request, String thing, String id) throws ServiceException {
    String resource = parts.arns().thing(thing);
    boolean next = id.equals("$next");
    return switch (request.method()) {
      case "GET" -> {
        policies.require(request.client(), "iot:DescribeJobExecution", resource);
        JsonObject query = new JsonObject();
        if (!request.query("executionNumber").isEmpty()) {
          query.addProperty("executionNumber", request.query("executionNumber"));
        }
        query.addProperty(
            "includeJobDocument", !request.query("includeJobDocument").equals("false"));
        yield parts.jobs().describe(thing, id, query);
      }
      case "PUT" -> {
        if (!next) {
          throw method(request, "GET or POST");
        }
        policies.require(request.client(), "iot:StartNextPendingJobExecution", resource);
        yield parts.jobs().startNext(thing, request.body());
      }
      case "POST" -> {
        policies.require(request.client(), "iot:UpdateJobExecution", resource);
        yield parts.jobs().update(thing, id, request.body());
      }
      default -> throw method(request, "GET, POST or PUT");
    };
  }

  private JsonObject publish(RestRequest request, String topic) throws ServiceException {
    requireMethod(request, "POST");
    boolean retain = request.query("retain").equals("true");
    int qos = number(request, "qos");
    if (qos > 1) {
      throw invalid("qos: expected 0 or 1, found " + qos);
    }
    policies.require(request.client(), "iot:Publish", parts.arns().topic(topic));
    if (retain) {
      policies.require(request.client(), "iot:RetainPublish", parts.arns().topic(topic));
    }
    var fault = parts.messages().publish(topic, request.body(), qos, retain);
    if (fault.isPresent()) {
      throw invalid(fault.get());
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("message", "OK");
    answer.addProperty("traceId", UUID.randomUUID().toString());
    return answer;
  }

  private JsonObject retained(RestRequest request, String topic) throws ServiceException {
    requireMethod(request, "GET");
    policies.require(request.client(), "iot:GetRetainedMessage", parts.arns().topic(topic));
    byte[] payload =
        parts
            .messages()
            .retained(topic)
            .orElseThrow(
                () ->
                    new ServiceException(
                        404,
                        "ResourceNotFoundException",
                        "there is no retained message on '" + topic + "'"));
    JsonObject answer = new JsonObject();
    answer.addProperty("topic", topic);
    answer.addProperty("payload", Base64.getEncoder().encodeToString(payload));
    return answer;
  }

  private static int number(RestRequest request, String name) throws ServiceException {
    String text = request.query(name);
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,6}")) {
      throw invalid(name + ": expected a whole number, found '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static void requireMethod(RestRequest request, String method) throws ServiceException {
    if (!request.method().equals(method)) {
      throw method(request, method);
    }
  }

  private static ServiceException method(RestRequest request, String expected) {
    return new ServiceException(
        405, "MethodNotAllowedException", "expected " + expected + ", found " + request.method());
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(400, "InvalidRequestException", message);
  }
}
