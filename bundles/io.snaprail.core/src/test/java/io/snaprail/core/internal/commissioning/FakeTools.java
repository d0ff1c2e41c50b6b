package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.poller.FakeDevice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A driver with a tool whose work a test chooses. */
final class FakeTools implements DriverTools {
  static final String PID = "drv";

  static final Tool LOOK =
      new Tool(
          "look",
          "Look around",
          "",
          List.of(
              Tool.Parameter.whole("first", "First", 1, 1, 247),
              Tool.Parameter.bool("deep", "Deep", false),
              Tool.Parameter.choice("table", "Table", List.of("holding", "input")),
              Tool.Parameter.text("data", "Data", "")),
          List.of("a", "b"),
          Tool.Access.OPERATOR);

  static final Tool POKE =
      new Tool("poke", "Poke", "", List.of(), List.of(), Tool.Access.ADMINISTRATOR);

  static final Tool WATCH =
      new Tool(
          "watch",
          "Watch",
          "",
          List.of(Tool.Parameter.lines("text", "Text", "")),
          List.of("n"),
          Tool.Access.OPERATOR,
          true);

  static final Preset PRESET =
      new Preset("p", "P", "", "source", Map.of("host", "here"), List.of("x,1,int16"), "");

  /** What a tool does. */
  interface Work {
    void run(Map<String, String> parameters, ToolRun run)
        throws DriverException, InterruptedException;
  }

  volatile Work work = (parameters, run) -> {};
  final List<Trial> opened = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside;

  FakeTools() {
    this(new AtomicInteger());
  }

  FakeTools(AtomicInteger inside) {
    this.inside = inside;
  }

  /** A device that is only tried. */
  static final class Trial extends FakeDevice implements TrialDevice {
    volatile boolean closed;
    volatile Duration patience = Duration.ZERO;

    Trial(String bus, AtomicInteger inside) {
      super(bus, inside);
    }

    @Override
    public void checkWritable(List<PointDefinition> points, PointErrors errors) {
      for (int i = 0; i < points.size(); i++) {
        if (points.get(i).address().equals("fixed")) {
          errors.add(i, "address 'fixed': can only be read");
        }
      }
    }

    @Override
    public Duration patience() {
      return patience;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    if (settings.get("host") == null) {
      throw new IllegalArgumentException("host: expected a name, found nothing");
    }
    Trial trial = new Trial("b", inside);
    if (settings.get("host").equals("away")) {
      trial.failure = DriverException.unreachable("cannot connect to away", null);
    }
    if (settings.get("host").equals("late")) {
      trial.failure = DriverException.noAnswer("nothing was heard yet", null);
      trial.patience = Duration.ofSeconds(30);
    }
    opened.add(trial);
    return trial;
  }

  @Override
  public List<Tool> tools(String pid) {
    return List.of(LOOK, POKE, WATCH);
  }

  @Override
  public List<Preset> presets(String pid) {
    return List.of(PRESET);
  }

  @Override
  public List<String> check(String pid, Map<String, Object> settings) {
    return List.of("mind " + settings.get("host"));
  }

  @Override
  public void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException {
    work.run(parameters, run);
  }
}
