package io.snaprail.awsiot.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.file.FileFaults;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.awsiot.internal.FakeSession;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class BackChannelTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final FakeSession session = new FakeSession();
  private final List<WriteCommand> commands = new ArrayList<>();
  private CommandOutcome.Status status = CommandOutcome.Status.DONE;
  private final ScheduledThreadPoolExecutor lane = new ScheduledThreadPoolExecutor(1);
  private final FakeDriver driver = new FakeDriver();
  @TempDir Path folder;
  private CommandGate gate;
  private BackChannel channel;

  /** A slave with four registers behind the driver's tool. */
  private static final class FakeDriver implements InvocationHandler {
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final int[] registers = {10, 20, 30, 40};
    private String answer = "";
    private String failure = "";

    Commissioning service() {
      return (Commissioning)
          Proxy.newProxyInstance(
              getClass().getClassLoader(), new Class<?>[] {Commissioning.class}, this);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      if (method.getName().equals("run")) {
        Map<String, String> parameters = (Map<String, String>) arguments[3];
        sent.add(arguments[0] + " " + parameters.get("function") + " " + parameters.get("data"));
        assertThat((Map<String, Object>) arguments[2]).containsEntry("host", "10.0.0.7");
        answer = answer(parameters.get("function"), parameters.get("data"));
      }
      Commissioning.Run run =
          new Commissioning.Run(
              "7",
              "request",
              failure.isEmpty() ? Commissioning.Run.State.DONE : Commissioning.Run.State.FAILED,
              failure,
              0,
              0,
              List.of("field", "value"),
              0,
              failure.isEmpty() ? List.of(List.of("answer", answer)) : List.of(),
              Map.of(),
              List.of());
      return method.getName().equals("find")
          ? Optional.of(run)
          : method.getName().equals("run") ? run : null;
    }

    private String answer(String function, String data) {
      int address = Integer.parseInt(data.substring(0, 4), 16);
      int value = Integer.parseInt(data.substring(4, 8), 16);
      if (address + (function.equals("3") ? value : 1) > registers.length) {
        return "%02X 02".formatted(Integer.parseInt(function) | 0x80);
      }
      if (function.equals("6")) {
        registers[address] = value;
        return "06 " + data;
      }
      StringBuilder answer = new StringBuilder("03 %02X".formatted(2 * value));
      for (int i = 0; i < value; i++) {
        answer.append(
            " %02X %02X".formatted(registers[address + i] >> 8, registers[address + i] & 0xff));
      }
      return answer.toString();
    }
  }

  private static ConfigurationAdmin configurations() {
    Configuration found =
        (Configuration)
            Proxy.newProxyInstance(
                BackChannelTest.class.getClassLoader(),
                new Class<?>[] {Configuration.class},
                (proxy, method, arguments) ->
                    FrameworkUtil.asDictionary(
                        Map.of("host", "10.0.0.7", "service.pid", "io.example~plant")));
    return (ConfigurationAdmin)
        Proxy.newProxyInstance(
            BackChannelTest.class.getClassLoader(),
            new Class<?>[] {ConfigurationAdmin.class},
            (proxy, method, arguments) -> new Configuration[] {found});
  }

  @BeforeEach
  void begin() throws IOException {
    CommandGate gate =
        command -> {
          commands.add(command);
          return CompletableFuture.completedFuture(
              new CommandOutcome(command.id(), status, "because", new Value.Int(70)));
        };
    session.connect();
    this.gate = gate;
    channel = open();
  }

  /** Opens the channel, as at a start; what it keeps is in a file of its own. */
  private BackChannel open() throws IOException {
    return new BackChannel(
        session,
        new BackChannel.Topics("ask", "answer"),
        new Operations(
            "cloud",
            new Operations.Allowed(
                PointFilter.parse("commands.write", List.of("plant/pump.*")),
                PointFilter.parse("commands.raw", List.of("plant/Read*", "plant/WriteSingle*"))),
            new Operations.Parts(
                BackChannelTest::gateway,
                () -> gate,
                new RawAccess(
                    "cloud",
                    new RawAccess.Parts(
                        BackChannelTest::gateway,
                        driver::service,
                        BackChannelTest::configurations,
                        lane)),
                Clock.fixed(NOW, ZoneOffset.UTC))),
        Remembered.read(folder.resolve("commands.json")),
        lane);
  }

  @AfterEach
  void end() {
    lane.shutdownNow();
  }

  private static Gateway gateway() {
    return (Gateway)
        Proxy.newProxyInstance(
            BackChannelTest.class.getClassLoader(),
            new Class<?>[] {Gateway.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("devices")) {
                return List.of(plant());
              }
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

  private static DeviceStatus plant() {
    return new DeviceStatus(
        "plant",
        "io.example",
        "io.example~plant",
        "bus",
        DeviceStatus.State.ONLINE,
        "",
        1,
        Duration.ofSeconds(1),
        null,
        0,
        0,
        0,
        0,
        Duration.ZERO);
  }

  private JsonObject ask(String document) {
    int before = session.published.size();
    session.deliver("ask", document.replace('\'', '"'));
    await().until(() -> session.published.size() == before + 1);
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
        "{'id':'1','request':{'operation':'ReadCoils','device':'x','address':1}}|NOT_ALLOWED|commands.raw",
        "{'id':'1','request':{'operation':'WriteMultipleRegisters','device':'plant','address':1,'values':[1]}}|NOT_ALLOWED|commands.raw",
        "{'id':'1','request':{'operation':'ReadCoils','device':'plant'}}|BAD_REQUEST|'address'",
        "{'id':'1','request':{'operation':'ReadHoldingRegisters','device':'plant','address':65535,'count':2}}|BAD_REQUEST|within"
            + " 0..65535",
        "{'id':'1','request':{'operation':'ReadHoldingRegisters','device':'plant','address':0,'count':126}}|BAD_REQUEST|1..125",
        "{'id':'1','request':{'operation':'WriteSingleRegister','device':'plant','address':0,'value':65536}}|BAD_REQUEST|0..65535",
        "{'id':'1','request':{'operation':'WriteSingleCoil','device':'plant','address':0,'value':2}}|BAD_REQUEST|true,"
            + " false",
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

  @Test
  void rawRegistersAreReadThroughTheDriversTool() {
    JsonObject answer =
        ask(
            "{'id':'r','request':{'operation':'ReadHoldingRegistersRequest','device':'plant','address':1,'count':3}}");
    assertThat(response(answer).getAsJsonObject("payload").get("registers"))
        .hasToString("[20,30,40]");
    assertThat(driver.sent).containsExactly("io.example 3 00010003");
  }

  @Test
  void rawWriteIsReadBackAndDoneOnceEvenAfterARestart() throws Exception {
    String write =
        "{'id':'r','request':{'operation':'WriteSingleRegister','device':'plant','address':2,'value':300}}";
    JsonObject first = ask(write);
    assertThat(response(first).getAsJsonObject("payload").get("registers")).hasToString("[300]");
    assertThat(driver.sent).containsExactly("io.example 6 0002012c", "io.example 3 00020001");
    channel.close();
    channel = open();
    assertThat(ask(write)).isEqualTo(first);
    assertThat(driver.sent).hasSize(2);
  }

  @Test
  void anotherRequestUnderTheSameIdIsRefusedAlsoAfterARestart() throws Exception {
    String write =
        "{'id':'w','request':{'operation':'WritePoint','device':'plant','point':'pump.speed','value':70}}";
    JsonObject first = ask(write);
    for (int start = 0; start < 2; start++) {
      JsonObject other = response(ask(write.replace(":70", ":71")));
      assertThat(other.get("error_code").getAsString()).isEqualTo("ID_REUSED");
      assertThat(other.get("error_message").getAsString()).contains("'w'", "nothing is done");
      // The order of members and the time to live are not the request.
      assertThat(
              ask(
                  "{'expiresAt':'2026-11-21T10:00:30Z','request':{'value':70,'point':'pump.speed','device':'plant','operation':'WritePoint'},'id':'w'}"))
          .isEqualTo(first);
      channel.close();
      channel = open();
    }
    assertThat(commands).hasSize(1);
  }

  @Test
  void answersThatAnEarlierVersionHasKeptAreGiven() throws Exception {
    channel.close();
    Files.writeString(
        folder.resolve("commands.json"), "{\"answers\":{\"w\":{\"status\":\"success\"}}}");
    channel = open();
    String write =
        "{'id':'w','request':{'operation':'WritePoint','device':'plant','point':'pump.speed','value':70}}";
    assertThat(response(ask(write)).get("status").getAsString()).isEqualTo("success");
    assertThat(commands).isEmpty();
  }

  // MODBUS Application Protocol V1.1b3, section 7.
  @Test
  void exceptionOfTheDeviceIsTheAnswer() {
    JsonObject response =
        response(
            ask(
                "{'id':'r','request':{'operation':'ReadHoldingRegisters','device':'plant','address':9}}"));
    assertThat(response.get("error_code").getAsString()).isEqualTo("DEVICE_REFUSED");
    assertThat(response.get("exception_code").getAsInt()).isEqualTo(2);
    driver.failure = "no answer within 1000 ms";
    assertThat(
            response(
                    ask(
                        "{'id':'s','request':{'operation':'ReadHoldingRegisters','device':'plant','address':0}}"))
                .get("error_message")
                .getAsString())
        .contains("no answer within");
  }

  @Test
  void multipleCoilsArePackedAsTheProtocolWantsIt() {
    JsonObject request =
        com.google.gson.JsonParser.parseString("{\"address\":19,\"values\":[1,0,1,1,0,0,1,1,1,0]}")
            .getAsJsonObject();
    // MODBUS Application Protocol V1.1b3, section 6.11, its example.
    assertThat(RawRequest.of("WriteMultipleCoils", request).data()).isEqualTo("0013000a02cd01");
  }

  @Test
  void writeThatAStopHasCutIsNotDoneAgain() throws Exception {
    gate = command -> new CompletableFuture<>();
    String write =
        "{'id':'w','request':{'operation':'WritePoint','device':'plant','point':'pump.speed','value':70}}";
    session.deliver("ask", write.replace('\'', '"'));
    await().until(() -> Files.exists(folder.resolve("commands.json")));
    channel.close();
    begin();
    JsonObject response = response(ask(write));
    assertThat(response.get("error_code").getAsString()).isEqualTo("UNKNOWN");
    assertThat(response.get("error_message").getAsString()).contains("the gateway stopped");
    assertThat(commands).isEmpty();
  }

  @Test
  void nothingIsWrittenThatCannotBeNoted() throws Exception {
    Path file = folder.resolve("commands.json");
    try (FileFaults faults = FileFaults.failing(folder, 0)) {
      JsonObject response =
          response(
              ask(
                  "{'id':'w','request':{'operation':'WritePoint','device':'plant','point':'pump.speed','value':70}}"));
      assertThat(response.get("error_code").getAsString()).isEqualTo("NOT_KEPT");
      assertThat(faults.steps()).isNotEmpty();
    }
    assertThat(commands).isEmpty();
    assertThat(file).doesNotExist();
    Files.writeString(file, "{");
    assertThatThrownBy(() -> Remembered.read(file)).hasMessageContaining("commands.json cannot be");
  }
}
