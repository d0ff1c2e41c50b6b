package io.snaprail.driver.simulator;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.driver.simulator.internal.plant.Plant;
import io.snaprail.driver.simulator.internal.slave.SlaveServer;
import io.snaprail.driver.simulator.internal.slave.SlaveServer.Endpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Modbus TCP slave with a simulated plant behind it, for the demo and for commissioning. */
@Component(
    service = ModbusSlave.class,
    configurationPid = ModbusSlave.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true)
@Designate(ocd = ModbusSlave.Config.class, factory = true)
public final class ModbusSlave {
  static final String PID = "io.snaprail.driver.simulator.slave";

  private static final Logger LOG = LoggerFactory.getLogger(ModbusSlave.class);

  /** Settings of a slave. */
  @ObjectClassDefinition(
      name = "Modbus TCP slave (simulated plant)",
      description = "A boiler and a tank to try clients with.")
  @interface Config {
    @AttributeDefinition(
        name = "Host",
        description = "Interface to listen on; 127.0.0.1 is reached from this machine only.")
    String host() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "1..65535.", min = "1", max = "65535")
    int port() default 5020;

    @AttributeDefinition(name = "Unit", description = "Unit identifier.", min = "1", max = "247")
    int unit() default 1;
  }

  private final String pid;
  private final Endpoint endpoint;
  private final SlaveServer server;
  private String trouble = "";

  private @Nullable ProblemBoard board;

  /** Called by the framework. */
  @Activate
  public ModbusSlave(Config config, Map<String, Object> properties) {
    this.pid = String.valueOf(properties.getOrDefault("service.pid", PID));
    this.endpoint = new Endpoint(config.host(), config.port(), config.unit());
    this.server = new SlaveServer(endpoint, new Plant(System::nanoTime), this::trouble);
    server.start();
  }

  /** Called by the framework: frees the port before it returns. */
  @Deactivate
  public void stop() {
    server.close();
    trouble("");
  }

  /** Called by the framework, at any time. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  synchronized void setBoard(ProblemBoard arrived) {
    board = arrived;
    report();
  }

  synchronized void unsetBoard(ProblemBoard gone) {
    board = board == gone ? null : board;
  }

  /** Called at each attempt to listen; empty when it worked. */
  private synchronized void trouble(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      report();
    }
  }

  private void report() {
    if (board != null) {
      board.report(pid, trouble.isEmpty() ? List.of() : List.of(problem()));
    } else if (!trouble.isEmpty()) {
      LOG.info("{}", problem().message());
    }
  }

  private Problem problem() {
    String todo =
        trouble.contains("already in use")
            ? "another program uses the port: end it, or set 'port' in config/%s.json to a free one"
            : "check 'host' and 'port' in config/%s.json";
    String message =
        "Modbus slave "
            + trouble
            + "; "
            + String.format(todo, pid)
            + "; it is tried again every 3 s";
    return new Problem(Severity.ERROR, endpoint.toString(), message);
  }
}
