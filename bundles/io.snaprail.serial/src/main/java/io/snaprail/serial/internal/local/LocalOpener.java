package io.snaprail.serial.internal.local;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.serial.internal.link.Link;
import io.snaprail.serial.internal.link.Waiting;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** Opens ports of this machine, one at a time, and says why one does not open. */
public final class LocalOpener {
  // Reads return with the first byte, or after this long: the shortest wait that termios has.
  static final int READ_SLICE_MS = 100;

  // Of errno.h on Linux; jSerialComm hands them on.
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EIO = 5;
  private static final int ENXIO = 6;
  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int EBUSY = 16;
  private static final int ENODEV = 19;
  private static final int EINVAL = 22;
  private static final int ENOTTY = 25;

  private final NativeLibrary library;
  private final PortNames names;
  // jSerialComm keeps the reason of a failed open in one place for all ports.
  private final ReentrantLock opening = new ReentrantLock();

  /** Opens with the given library. */
  public LocalOpener(NativeLibrary library, PortNames names) {
    this.library = library;
    this.names = names;
  }

  /** Told the device before it is opened; refuses when it is open under another name. */
  @FunctionalInterface
  public interface Claim {
    /** Claims a device. */
    void claim(Path device) throws SerialException;
  }

  /**
   * Opens a port.
   *
   * @param name as configured; looked up anew
   */
  public Link open(String name, SerialSettings settings, Claim claim, Deadline deadline)
      throws SerialException {
    library.require();
    Path device = names.require(name);
    claim.claim(device);
    Waiting.lock(name, opening, deadline, "open");
    try {
      SerialPort port = SerialPort.getCommPort(device.toString());
      configure(port, settings);
      if (!port.openPort(0)) {
        throw failure(name, device, settings.line(), port.getLastErrorCode());
      }
      LocalLink link = new LocalLink(name, device, port, settings);
      link.start();
      return link;
    } catch (SerialPortInvalidPortException gone) {
      throw new SerialException(
          Kind.NOT_FOUND, name + ": the port went away while it was opened", gone);
    } finally {
      opening.unlock();
    }
  }

  private static void configure(SerialPort port, SerialSettings settings) {
    LineSettings line = settings.line();
    Rs485 rs485 = settings.rs485();
    boolean driver = rs485.direction() == Rs485.Direction.DRIVER;
    boolean windows = windows();
    setLine(port, line);
    port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_SLICE_MS, 0);
    // The mode is asked for even where the driver shall not switch anything: else a break on the
    // line, as a floating one makes, would throw away what has come and what is to be sent.
    port.setRs485ModeParameters(
        driver || !windows,
        rs485.rtsHighOnSend(),
        1000 * rs485.delayBeforeMs(),
        1000 * rs485.delayAfterMs());
    if (!driver) {
      port.disableRs485ModeControl();
    }
    if (rs485.direction() == Rs485.Direction.RTS && rs485.rtsHighOnSend()) {
      port.clearRTS();
    }
  }

  /** Whether the port has taken it; before it is opened, every port does. */
  static boolean setLine(SerialPort port, LineSettings line) {
    return port.setComPortParameters(
            line.baud(), line.dataBits(), stopBits(line, windows()), parity(line))
        && port.setFlowControl(flow(line.flowControl()));
  }

  static SerialException refused(String name, LineSettings line) {
    return new SerialException(
        Kind.SETTINGS, name + ": the port refuses " + line + ". Is its baud rate possible there?");
  }

  private static boolean windows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");
  }

  private static int parity(LineSettings line) {
    return switch (line.parity()) {
      case NONE -> SerialPort.NO_PARITY;
      case EVEN -> SerialPort.EVEN_PARITY;
      case ODD -> SerialPort.ODD_PARITY;
      case MARK -> SerialPort.MARK_PARITY;
      case SPACE -> SerialPort.SPACE_PARITY;
    };
  }

  private static int stopBits(LineSettings line, boolean windows) {
    return switch (line.stopBits()) {
      case ONE -> SerialPort.ONE_STOP_BIT;
      case TWO -> SerialPort.TWO_STOP_BITS;
      // With five data bits, which are assured, POSIX's flag for two means one and a half.
      case ONE_AND_A_HALF ->
          windows ? SerialPort.ONE_POINT_FIVE_STOP_BITS : SerialPort.TWO_STOP_BITS;
    };
  }

  private static int flow(FlowControl flow) {
    return switch (flow) {
      case NONE -> SerialPort.FLOW_CONTROL_DISABLED;
      case RTS_CTS -> SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED;
      case XON_XOFF ->
          SerialPort.FLOW_CONTROL_XONXOFF_IN_ENABLED | SerialPort.FLOW_CONTROL_XONXOFF_OUT_ENABLED;
    };
  }

  private static SerialException failure(String name, Path device, LineSettings line, int errno) {
    return switch (errno) {
      case EPERM, EACCES -> PortNames.notPermitted(name, device);
      case EBUSY, EAGAIN -> {
        String who = OtherProcesses.holding(device).orElse("another program");
        yield new SerialException(
            Kind.IN_USE,
            name + ": the port is in use by " + who + ". Stop it, or use another port.");
      }
      case ENOENT, ENXIO, ENODEV ->
          new SerialException(Kind.NOT_FOUND, name + ": the port went away while it was opened");
      case EINVAL -> refused(name, line);
      case ENOTTY ->
          new SerialException(
              Kind.NOT_FOUND, name + ": expected a serial port, found another device at " + device);
      case EIO ->
          new SerialException(
              Kind.NOT_FOUND,
              name + ": the port answers with an input/output error; is it connected?");
      default ->
          new SerialException(
              Kind.NOT_FOUND, name + ": the port does not open (system error " + errno + ")");
    };
  }
}
