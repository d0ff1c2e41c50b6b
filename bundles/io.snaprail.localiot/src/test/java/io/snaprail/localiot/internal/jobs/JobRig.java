package io.snaprail.localiot.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceThread;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The jobs service without a network: what it sends is kept, time stands until it is set. */
final class JobRig implements Outbox, JobTargets {
  static final String PREFIX = "$aws/things/T/jobs/";

  final List<Sent> sent = new ArrayList<>();
  final List<String> faults = new ArrayList<>();
  final Set<String> group = new HashSet<>(Set.of("T"));
  long seconds = 1000;
  JobService service;

  /**
   * Something that was sent.
   *
   * @param to the client that was answered; empty for everyone
   */
  record Sent(String to, String topic, JsonElement document) {}

  JobRig(Path folder) {
    open(folder);
  }

  /** As after a restart. */
  void open(Path folder) {
    service =
        new JobService(
            new JobService.Store(folder, this, new Seconds(), faults::add),
            new ServiceThread(Runnable::run),
            this,
            new RequestGate(new RequestGate.Limits(100, 100, 0), System::nanoTime));
  }

  Job job(String id) throws Exception {
    return job(id, "{\"operation\":\"test\"}");
  }

  Job job(String id, String document) throws Exception {
    return service.create(
        new JobOrder(id, new JobOrder.Targets(List.of("T"), List.of(), false), document, "", 0));
  }

  /** Asks as a device does; the answer. */
  JsonElement ask(String rest, String payload) {
    sent.clear();
    service.request("client", PREFIX + rest, payload.getBytes(StandardCharsets.UTF_8));
    Sent answer = sent.remove(0);
    assertThat(answer.to()).isEqualTo("client");
    assertThat(answer.topic()).startsWith(PREFIX + rest + "/");
    return answer.document();
  }

  /** What was sent on a topic since the last look, as text; empty for nothing. */
  List<JsonElement> take(String rest) {
    List<JsonElement> found =
        sent.stream().filter(one -> one.topic().equals(PREFIX + rest)).map(Sent::document).toList();
    sent.removeIf(one -> one.topic().equals(PREFIX + rest));
    return found;
  }

  static JsonElement json(String text) {
    return JsonParser.parseString(text);
  }

  @Override
  public void publish(String topic, byte[] payload) {
    sent.add(new Sent("", topic, json(new String(payload, StandardCharsets.UTF_8))));
  }

  @Override
  public void answer(String clientId, String topic, byte[] payload) {
    sent.add(new Sent(clientId, topic, json(new String(payload, StandardCharsets.UTF_8))));
  }

  @Override
  public boolean hasThing(String name) {
    return name.equals("T") || name.startsWith("T-");
  }

  @Override
  public boolean hasGroup(String name) {
    return name.equals("group");
  }

  @Override
  public Collection<String> things(String name) {
    return List.copyOf(group);
  }

  private final class Seconds extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(seconds);
    }
  }
}
