package io.snaprail.awsiot.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.awsiot.internal.FakeSession;
import io.snaprail.awsiot.internal.PointFilter;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackChannelTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final FakeSession session = new FakeSession();
  private final List<WriteCommand> commands = new ArrayList<>();
  private CommandOutcome.Status status = CommandOutcome.Status.DONE;

  @BeforeEach
  void open() {
    CommandGate gate =
        command -> {
          commands.add(command);
          return CompletableFuture.completedFuture(
              new CommandOutcome(command.id(), status, "because", new Value.Int(70)));
        };
    new BackChannel(
        session.connect(),
        "ask",
        "answer",
        new Operations(
            "cloud",
            PointFilter.parse("commands.write", List.of("plant/pump.*")),
            new Operations.Parts(
                BackChannelTest::gateway, () -> gate, Clock.fixed(NOW, ZoneOffset.UTC))));
  }

  private static Gateway gateway() {
    return (Gateway)
        Proxy.newProxyInstance(
            BackChannelTest.class.getClassLoader(),
            new Class<?>[] {Gateway.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("read")) {
                throw new UnsupportedOperationException(method.getName());
              }
              return arguments[0].equals("plant")
                  ? CompletableFuture.completedFuture(
                      List.of(
                          Sample.good("a", new Value.Float64(1.5), NOW),
                          Sample.bad("b", "no answer", NOW)))
                  : CompletableFuture.failedFuture(
                      new IllegalArgumentException("no device is called 'x'"));
            });
  }

  private JsonObject ask(String document) {
    int before = session.published.size();
    session.deliver("ask", document.replace('\'', '"'));
    assertThat(session.published).hasSize(before + 1);
    FakeSession.Message answer = session.published.get(before);
    assertThat(answer.topic()).isEqualTo("answer");
    return answer.json();
  }

  private static JsonObject response(JsonObject answer) {
    return answer.getAsJsonObject("response");
  }

  @Test
  void readsPointsWithQualityAndReason() {
    JsonObject answer =
        ask("{'id':'1','request':{'operation':'ReadPoints','device':'plant','points':['a','b']}}");
    assertThat(answer.toString())
        .isEqualTo(
            "{'id':'1','response':{'status':'success','operation':'ReadPoints','payload':{'device':'plant','values':[{'point':'a','value':1.5,'quality':'GOOD','time':'2026-11-21T10:00:00Z'},{'point':'b','value':null,'quality':'BAD','reason':'no answer','time':'2026-11-21T10:00:00Z'}]}}}"
                .replace('\'', '"'));
  }

  @Test
  void writeGoesThroughTheGateOnceAndCarriesTheValueReadBack() {
    String write =
        "{'id':'w','request':{'operation':'WritePoint','device':'plant','point':'pump.speed','value':70},'expiresAt':'2026-11-21T10:00:30Z'}";
    JsonObject first = ask(write);
    assertThat(response(first).getAsJsonObject("payload").get("value").getAsInt()).isEqualTo(70);
    assertThat(ask(write)).isEqualTo(first);
    assertThat(commands)
        .containsExactly(
            new WriteCommand(
                "cloud:w",
                "back channel",
                "cloud",
                "plant",
                "pump.speed",
                new Value.Int(70),
                Instant.parse("2026-11-21T10:00:30Z"),
                true));
  }

  @Test
  void outcomeOfTheGateIsTheErrorCode() {
    status = CommandOutcome.Status.UNKNOWN;
    JsonObject answer =
        ask(
            "{'id':'w','request':{'operation':'WritePoint','device':'plant','point':'pump.speed','value':70}}");
    assertThat(response(answer).get("error_code").getAsString()).isEqualTo("UNKNOWN");
    assertThat(response(answer).get("error_message").getAsString()).isEqualTo("because");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "no json|BAD_REQUEST|not valid JSON",
        "{}|BAD_REQUEST|expected 'id'",
        "{'id':''}|BAD_REQUEST|expected 'id'",
        "{'id':'1'}|BAD_REQUEST|expected 'request'",
        "{'id':'1','request':{'operation':'Format'}}|UNKNOWN_OPERATION|ReadPoints or WritePoint",
        "{'id':'1','request':{'operation':'ReadPoints'}}|BAD_REQUEST|expected 'device'",
        "{'id':'1','request':{'operation':'ReadPoints','device':'plant'}}|BAD_REQUEST|'points'",
        "{'id':'1','request':{'operation':'ReadPoints','device':'x','point':'a'}}|NOT_FOUND|no"
            + " device",
        "{'id':'1','request':{'operation':'WritePoint','device':'plant','point':'a','value':1}}|NOT_ALLOWED|commands.write",
        "{'id':'1','request':{'operation':'WritePoint','device':'plant','point':'pump.a','value':{}}}|BAD_REQUEST|as"
            + " the value",
        "{'id':'1','request':{'operation':'WritePoint','device':'plant','point':'pump.a','value':1},'expiresAt':'2026-11-21T09:59:59Z'}|EXPIRED|expired"
            + " at",
        "{'id':'1','request':{'operation':'WritePoint','device':'plant','point':'pump.a','value':1},'expiresAt':'2027-11-21T09:59:59Z'}|BAD_REQUEST|within"
            + " 10 minutes",
        "{'id':'1','request':{'operation':'WritePoint','device':'plant','point':'pump.a','value':1},'expiresAt':'soon'}|BAD_REQUEST|expected"
            + " 'expiresAt'",
      })
  void whatIsWrongIsAnsweredAndNothingIsWritten(String document, String code, String words) {
    JsonObject response = response(ask(document));
    assertThat(response.get("status").getAsString()).isEqualTo("fail");
    assertThat(response.get("error_code").getAsString()).isEqualTo(code);
    assertThat(response.get("error_message").getAsString()).contains(words);
    assertThat(commands).isEmpty();
  }
}
