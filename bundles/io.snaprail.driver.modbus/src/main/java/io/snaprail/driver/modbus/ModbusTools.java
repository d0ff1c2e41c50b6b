package io.snaprail.driver.modbus;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.modbus.internal.SerialConfig;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.TlsForm;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.driver.modbus.internal.tls.TlsKeys;
import io.snaprail.driver.modbus.internal.tools.Given;
import io.snaprail.driver.modbus.internal.tools.Kind;
import io.snaprail.driver.modbus.internal.tools.ModbusTool;
import io.snaprail.driver.modbus.internal.tools.Target;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The tools for every kind of Modbus device. A new kind is a line in each of the two lists. */
@Component(
    service = DriverTools.class,
    property = {
      DriverTools.DEVICE_PIDS + "=" + ModbusTcpDevice.PID,
      DriverTools.DEVICE_PIDS + "=" + ModbusRtuTcpDevice.PID,
      DriverTools.DEVICE_PIDS + "=" + ModbusAsciiTcpDevice.PID,
      DriverTools.DEVICE_PIDS + "=" + ModbusUdpDevice.PID,
      DriverTools.DEVICE_PIDS + "=" + ModbusTlsDevice.PID,
      DriverTools.DEVICE_PIDS + "=" + ModbusRtuDevice.PID,
      DriverTools.DEVICE_PIDS + "=" + ModbusAsciiDevice.PID,
    })
public final class ModbusTools implements DriverTools {
  private static final boolean LINE = true;
  private static final boolean RTU = true;

  private final List<Kind<?>> kinds;

  /** Called by the framework. */
  @Activate
  public ModbusTools(
      @Reference ConnectionPool pool, @Reference SerialBuses buses, @Reference TlsKeys keys) {
    kinds =
        List.of(
            new Kind<>(
                ModbusTcpDevice.PID,
                !LINE,
                !RTU,
                TcpConfig.class,
                (form, all) -> new ModbusTcpDevice(form, all, pool)),
            new Kind<>(
                ModbusRtuTcpDevice.PID,
                LINE,
                RTU,
                TcpConfig.class,
                (form, all) -> new ModbusRtuTcpDevice(form, all, pool)),
            new Kind<>(
                ModbusAsciiTcpDevice.PID,
                LINE,
                !RTU,
                TcpConfig.class,
                (form, all) -> new ModbusAsciiTcpDevice(form, all, pool)),
            new Kind<>(
                ModbusUdpDevice.PID,
                !LINE,
                !RTU,
                TcpConfig.class,
                (form, all) -> new ModbusUdpDevice(form, all, pool)),
            new Kind<>(
                ModbusTlsDevice.PID,
                !LINE,
                !RTU,
                TlsForm.class,
                (form, all) -> new ModbusTlsDevice(form, form, all, pool, keys)),
            new Kind<>(
                ModbusRtuDevice.PID,
                LINE,
                RTU,
                SerialConfig.class,
                (form, all) -> new ModbusRtuDevice(form, all, buses)),
            new Kind<>(
                ModbusAsciiDevice.PID,
                LINE,
                !RTU,
                SerialConfig.class,
                (form, all) -> new ModbusAsciiDevice(form, all, buses)));
  }

  private Kind<?> kind(String pid) {
    return kinds.stream()
        .filter(kind -> kind.pid().equals(pid))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pid: expected one of "
                        + kinds.stream().map(Kind::pid).toList()
                        + ", found '"
                        + pid
                        + "'"));
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    return kind(pid).open(settings);
  }

  @Override
  public List<Tool> tools(String pid) {
    Kind<?> kind = kind(pid);
    return ModbusTool.ALL.stream().map(tool -> tool.describe(kind)).toList();
  }

  @Override
  public void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException {
    Kind<?> kind = kind(pid);
    ModbusTool wanted =
        ModbusTool.ALL.stream()
            .filter(each -> each.describe(kind).id().equals(tool))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("tool: there is no tool '" + tool + "'"));
    try (Target target = kind.open(settings)) {
      wanted.run(kind, target, new Given(parameters), run);
    }
  }
}
