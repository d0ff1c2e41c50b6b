package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.Inspection;
import io.snaprail.driver.modbus.internal.Refusals;
import io.snaprail.driver.modbus.internal.Settings;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.TlsConfig;
import io.snaprail.driver.modbus.internal.TlsForm;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import io.snaprail.driver.modbus.internal.connection.Way;
import io.snaprail.driver.modbus.internal.tcp.TcpConnection;
import io.snaprail.driver.modbus.internal.tls.RoleWatch;
import io.snaprail.driver.modbus.internal.tls.TlsKeys;
import io.snaprail.driver.modbus.internal.tls.TlsStream;
import io.snaprail.driver.modbus.internal.tls.TlsTarget;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A device on Modbus/TLS (MODBUS/TCP Security Protocol Specification): the frames of Modbus TCP
 * inside TLS 1.2 or 1.3, where both sides prove who they are.
 */
@Component(
    name = ModbusTlsDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusTlsDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TlsForm.class, factory = true)
public final class ModbusTlsDevice extends NetworkDevice {
  static final String PID = PIDS + "tls";

  /** Registered for mbap/s. */
  private static final int PORT = 802;

  private final TlsAccess access;

  /** Called by the framework. Connects to nothing. */
  @Activate
  public ModbusTlsDevice(
      TcpConfig config,
      TlsConfig tls,
      Map<String, Object> properties,
      @Reference ConnectionPool connections,
      @Reference TlsKeys keys) {
    this(
        new TlsAccess(tls, keys, String.valueOf(properties.get(Constants.SERVICE_PID))),
        config,
        properties,
        connections);
  }

  private ModbusTlsDevice(
      TlsAccess access,
      TcpConfig config,
      Map<String, Object> properties,
      ConnectionPool connections) {
    super(access, config, properties, connections);
    this.access = access;
  }

  /** Through TLS, as somebody. */
  private static final class TlsAccess implements Access {
    private final TlsConfig config;
    private final TlsKeys keys;
    private final RoleWatch roles;

    /** Set once, while the device is made. */
    private volatile @Nullable TlsTarget target;

    TlsAccess(TlsConfig config, TlsKeys keys, String pid) {
      this.config = config;
      this.keys = keys;
      this.roles = new RoleWatch(keys, config.identity().trim(), pid);
    }

    @Override
    public Way way(Settings settings, String number) {
      TlsTarget made =
          TlsTarget.of(
              settings.host(),
              settings.port(),
              config.identity(),
              config.roots(),
              config.server_name());
      target = made;
      return new Way(
          Protocol.TLS,
          made.host(),
          made.port(),
          made.variant() + number,
          waits -> new TcpConnection(new TlsStream(made, keys, waits.idle())));
    }

    @Override
    public List<Inspection.Fact> facts() {
      TlsTarget made = target;
      String connection = made == null ? "" : keys.connection(made);
      return connection.isEmpty() ? List.of() : List.of(new Inspection.Fact("TLS", connection));
    }

    @Override
    public int usualPort() {
      return PORT;
    }

    @Override
    public Refusals refusals() {
      return roles;
    }
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    close();
    access.roles.close();
  }
}
