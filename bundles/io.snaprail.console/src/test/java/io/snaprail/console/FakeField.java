package io.snaprail.console;

import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.api.security.Principal;
import io.snaprail.console.internal.forms.ConfigForm;
import io.snaprail.console.internal.forms.ConfigForm.Field;
import io.snaprail.console.internal.forms.ConfigForm.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The field side of a gateway, which does what a test says. */
final class FakeField {
  static final String UPLINK_PID = "com.acme.historian";
  static final String PID = "acme.meter";

  volatile List<BusStatus> buses = List.of();
  final Map<String, Inspection> inspections = new ConcurrentHashMap<>();
  volatile List<ConfigForm> forms = List.of(form());
  volatile List<ConfigForm> uplinkForms =
      List.of(new ConfigForm(UPLINK_PID, "Acme historian", "Sends to Acme", form().fields()));
  final Runs runs = new Runs();
  final Maps maps = new Maps();
  final FakeConfigurations configurations = new FakeConfigurations();

  static ConfigForm form() {
    return new ConfigForm(
        PID,
        "Meter",
        "Reads meters.",
        List.of(
            new Field(
                "host",
                "Host",
                "Name or address.",
                ConfigForm.Type.TEXT,
                false,
                true,
                false,
                List.of(),
                List.of(),
                Limits.NONE),
            new Field(
                "order",
                "Order",
                "",
                ConfigForm.Type.TEXT,
                false,
                false,
                false,
                List.of("AB"),
                List.of(
                    new ConfigForm.Option("AB", "high byte first"),
                    new ConfigForm.Option("BA", "low byte first")),
                Limits.NONE),
            new Field(
                "period.ms",
                "Period (ms)",
                "",
                ConfigForm.Type.WHOLE,
                false,
                false,
                true,
                List.of("1000"),
                List.of(),
                new Limits(10L, null))));
  }

  static Commissioning.Run run(String id, Commissioning.Run.State state, int rows) {
    return run(id, state, 0, rows);
  }

  static Commissioning.Run live(long firstRow, int rows) {
    return run("live", Commissioning.Run.State.RUNNING, firstRow, rows);
  }

  private static Commissioning.Run run(
      String id, Commissioning.Run.State state, long firstRow, int rows) {
    List<List<String>> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      table.add(List.of(Integer.toString(i + 1), "answers"));
    }
    return new Commissioning.Run(
        id,
        "Scan",
        state,
        "unit 3",
        3,
        247,
        List.of("Unit", "Answer"),
        firstRow,
        table,
        Map.of("found.csv", "name,address,type\n"),
        List.of());
  }

  /**
   * What was started.
   *
   * @param what {@code test} or the id of a tool
   */
  record Started(
      String pid,
      String what,
      Map<String, Object> settings,
      Map<String, String> parameters,
      Principal actor) {}

  /** Tests and tools. */
  static final class Runs implements Commissioning {
    final List<Started> started = new CopyOnWriteArrayList<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final Map<String, Run> known = new ConcurrentHashMap<>();
    volatile RuntimeException failure;

    @Override
    public List<String> pids() {
      return List.of(PID);
    }

    @Override
    public List<Tool> tools(String pid) {
      Tool.Parameter first = Tool.Parameter.whole("first", "First unit", 1, 1, 247);
      Tool.Parameter kind = Tool.Parameter.choice("kind", "Kind", List.of("a", "b"));
      return pid.equals(PID)
          ? List.of(
              new Tool(
                  "scan",
                  "Scan",
                  "Asks every unit.",
                  List.of(first, kind),
                  List.of("Unit", "Answer"),
                  Tool.Access.OPERATOR),
              new Tool(
                  "raw",
                  "Raw request",
                  "Sends it.",
                  List.of(),
                  List.of("Bytes"),
                  Tool.Access.ADMINISTRATOR))
          : List.of();
    }

    @Override
    public List<Preset> presets(String pid) {
      return List.of(
          new Preset(
              "eastern",
              "Eastern meter",
              "Set the host.",
              "Eastern manual 4.2",
              Map.of("order", "BA"),
              List.of("power,1,int16"),
              "0A"));
    }

    @Override
    public List<String> check(String pid, Map<String, Object> settings) {
      RuntimeException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
      return List.of("The order is unusual.");
    }

    @Override
    public Run test(String pid, Map<String, Object> settings, Principal actor) {
      return start(new Started(pid, "test", settings, Map.of(), actor));
    }

    @Override
    public Run run(
        String pid,
        String tool,
        Map<String, Object> settings,
        Map<String, String> parameters,
        Principal actor) {
      return start(new Started(pid, tool, settings, parameters, actor));
    }

    private Run start(Started start) {
      if (failure != null) {
        throw failure;
      }
      started.add(start);
      Run run = FakeField.run("run-" + started.size(), Run.State.RUNNING, 3);
      known.put(run.id(), run);
      return run;
    }

    @Override
    public Optional<Run> find(String id) {
      return Optional.ofNullable(known.get(id));
    }

    @Override
    public void cancel(String id) {
      cancelled.add(id);
    }
  }

  /** Register maps: a row is good when it has three columns. */
  static final class Maps implements RegisterMaps {
    final Map<String, String> own = new TreeMap<>();
    final Map<String, String> ready = new TreeMap<>(Map.of("ready.csv", "name,address,type\n"));
    final List<String> actors = new CopyOnWriteArrayList<>();
    volatile String user = "";

    @Override
    public List<MapInfo> list() {
      List<MapInfo> maps = new ArrayList<>();
      ready.keySet().forEach(name -> maps.add(info(name, true)));
      own.keySet().forEach(name -> maps.add(info(name, false)));
      return maps;
    }

    private static MapInfo info(String name, boolean ready) {
      return new MapInfo(
          name, "Meter", "its manual", List.of("unit 1"), ready, 2, 1, List.of("boiler"));
    }

    @Override
    public String read(String name) throws IOException {
      String text = own.getOrDefault(name, ready.get(name));
      if (text == null) {
        throw new IOException("there is no register map '" + name + "'");
      }
      return text;
    }

    @Override
    public String decode(byte[] file) throws IOException {
      String text = new String(file, StandardCharsets.UTF_8);
      if (text.indexOf('\ufffd') >= 0) {
        throw new IOException("the file is not UTF-8: save it as such");
      }
      return text;
    }

    @Override
    public Check check(String text) {
      List<Row> rows = new ArrayList<>();
      List<RowError> errors = new ArrayList<>();
      String[] lines = text.split("\n");
      for (int i = 1; i < lines.length; i++) {
        String[] cells = lines[i].split(",");
        if (cells.length == 3) {
          rows.add(new Row(i + 1, cells[0], cells[1], cells[2], "", ""));
        } else {
          errors.add(new RowError(i + 1, "type", "expected a type, found nothing"));
        }
      }
      return new Check(rows, errors);
    }

    @Override
    public Check save(String name, String text, String actor) throws IOException {
      if (!name.endsWith(".csv")) {
        throw new IllegalArgumentException("expected a name that ends in .csv");
      }
      if (name.equals("full.csv")) {
        throw new IOException("no space is left");
      }
      own.put(name, text);
      actors.add(actor);
      return check(text);
    }

    @Override
    public void delete(String name, String actor) throws IOException {
      if (!user.isEmpty()) {
        throw new IllegalStateException("used by " + user);
      }
      if (own.remove(name) == null) {
        throw new IOException("there is no register map '" + name + "' of the gateway's own");
      }
    }

    @Override
    public String export(String device) throws IOException {
      if (!device.equals("boiler")) {
        throw new IOException("there is no device '" + device + "'");
      }
      return "name,address,type\ntemperature,holding:0,int16\n";
    }
  }
}
