package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.j2mod.ReadWriteRequest;
import io.snaprail.driver.modbus.internal.j2mod.WriteRequest;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** One unit on any transport: what a Modbus device does, whichever way it is reached. */
public final class ModbusUnit implements AutoCloseable {
  private static final int WHOLE_REGISTER = 0xffff;
  private static final int ILLEGAL_FUNCTION = 1;

  private final ModbusTransport transport;
  private final UnitAccess access;
  private final UnitSettings settings;
  private final Refusals refusals;
  private final PointCompiler compiler;
  private final Places places;

  /** A unit on a transport, which {@link #close()} closes. */
  public ModbusUnit(ModbusTransport transport, UnitSettings settings) {
    this(transport, settings, Refusals.PLAIN);
  }

  /** A unit of which is known why it may refuse a write. */
  public ModbusUnit(ModbusTransport transport, UnitSettings settings, Refusals refusals) {
    this.transport = transport;
    this.access = new UnitAccess(transport, settings);
    this.refusals = refusals;
    this.settings = settings;
    this.places = new Places(settings.zeroBased());
    this.compiler =
        new PointCompiler(
            settings.zeroBased(), settings.limits().maxRegisters(), settings.writeFunction());
  }

  /** See {@link io.snaprail.api.driver.Device#compile}. */
  public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      try {
        members.add(new Member(i, compiler.readable(points.get(i))));
      } catch (IllegalArgumentException e) {
        errors.add(i, String.valueOf(e.getMessage()));
      }
    }
    List<String> names = points.stream().map(PointDefinition::name).toList();
    ReadLayout layout = new ReadLayout(members, settings.limits(), places, names);
    return transport instanceof AsyncTransport async
        ? new AsyncModbusReadPlan(access, async, layout)
        : new ModbusReadPlan(access, layout, System::nanoTime);
  }

  /** See {@link io.snaprail.api.driver.Device#checkWritable}. */
  public void checkWritable(List<PointDefinition> points, PointErrors errors) {
    for (int i = 0; i < points.size(); i++) {
      try {
        compiler.writable(points.get(i));
      } catch (IllegalArgumentException e) {
        errors.add(i, String.valueOf(e.getMessage()));
      }
    }
  }

  /** See {@link io.snaprail.api.driver.Device#write}. */
  public void write(PointDefinition definition, Value raw, Deadline deadline)
      throws DriverException {
    PduRequest request = writeRequest(definition, raw);
    byte[] answer;
    try {
      answer = confirmed(request, deadline);
    } finally {
      access.rest();
    }
    if (request instanceof ReadWriteRequest both) {
      int[] held = both.words(answer);
      if (!Arrays.equals(both.written(), held)) {
        throw notTaken(definition, raw, both, held);
      }
    }
  }

  /**
   * Asks the device what it is (function 43, type 14). Same thread rules as {@link #write}.
   *
   * @return texts by the number of their object: 0 vendor, 1 product code, 2 revision, 3 vendor's
   *     address, 4 product, 5 model, 6 application
   * @throws DriverException refused when the device does not know the function
   */
  public SortedMap<Integer, String> identify(Deadline deadline) throws DriverException {
    try {
      SortedMap<Integer, String> objects =
          Identification.read(request -> confirmed(request, deadline));
      transport.identified(settings.unit(), objects);
      return objects;
    } finally {
      access.rest();
    }
  }

  /**
   * What it is, how it is reached and how that goes.
   *
   * @param bus as its device names it
   */
  public Inspection inspect(String bus) {
    return UnitInspection.of(bus, settings, transport.report(settings.unit()));
  }

  /** The way to the unit, and to the others on its bus. */
  public ModbusTransport transport() {
    return transport;
  }

  /** Number of the unit, 0..255. */
  public int number() {
    return settings.unit();
  }

  /** Whether {@code holding:0} is the first register; else {@code holding:1} is. */
  public boolean zeroBased() {
    return settings.zeroBased();
  }

  private byte[] confirmed(PduRequest request, Deadline deadline) throws DriverException {
    if (!access.pace().await(deadline)) {
      throw DriverException.unreachable(
          transport.endpoint()
              + " unit "
              + settings.unit()
              + ": cannot "
              + request.operation()
              + ": no time left after the pause: raise timeout.ms above pause.ms",
          null);
    }
    byte[] answer = access.exchange(request, deadline);
    int exception = AnswerCheck.exceptionCode(answer);
    boolean write = request instanceof WriteRequest || request instanceof ReadWriteRequest;
    String why = write ? refusals.explain(exception) : "";
    if (exception != 0) {
      String message =
          transport.endpoint()
              + " unit "
              + settings.unit()
              + ": "
              + request.operation()
              + ": "
              + ExceptionCode.text(exception)
              + remedy(request, exception)
              + why;
      throw ExceptionCode.unitAway(exception)
          ? DriverException.noAnswer(message, null)
          : DriverException.refused(message);
    }
    return answer;
  }

  /** Ends a call that is under way, and gives the transport up. */
  @Override
  public void close() {
    access.close();
  }

  private static String remedy(PduRequest request, int exception) {
    if (exception != ILLEGAL_FUNCTION) {
      return "";
    }
    if (request.pdu()[0] == WriteRequest.MASK) {
      return ": the device cannot write part of a register (function 22): let the point be the"
          + " whole register, as uint16";
    }
    return request instanceof ReadWriteRequest
        ? ": the device does not know function 23: set write.function to auto"
        : "";
  }

  private DriverException notTaken(
      PointDefinition definition, Value raw, ReadWriteRequest request, int[] held) {
    ReadBack back = new ReadBack();
    compiler.writable(definition).codec().decode(held, 0, 0, back);
    return DriverException.refused(
        "%s unit %d: %s: wrote %s (%s), but the device holds %s (%s) right after it: it has not taken the value"
            .formatted(
                transport.endpoint(),
                settings.unit(),
                request.operation(),
                raw.text(),
                ReadBack.hex(request.written()),
                back.text(),
                ReadBack.hex(held)));
  }

  private PduRequest writeRequest(PointDefinition definition, Value raw) throws DriverException {
    try {
      ModbusPoint point = compiler.writable(definition);
      int[] words = point.codec().encode(raw);
      String operation = "write " + places.of(point.table(), point.address(), words.length);
      return point.table() == Table.COIL
          ? coil(point, words[0] != 0, operation)
          : registers(point, words, operation);
    } catch (IllegalArgumentException e) {
      throw DriverException.configuration("point '" + definition.name() + "': " + e.getMessage());
    }
  }

  private PduRequest coil(ModbusPoint point, boolean on, String operation) {
    return settings.writeFunction() == WriteFunction.MULTIPLE
        ? WriteRequest.coils(point.address(), new boolean[] {on}, operation)
        : WriteRequest.coil(point.address(), on, operation);
  }

  private PduRequest registers(ModbusPoint point, int[] words, String operation) {
    int address = point.address();
    int mask = point.codec().mask();
    if (mask != WHOLE_REGISTER) {
      return WriteRequest.masked(address, mask, words[0], operation);
    }
    return switch (settings.writeFunction()) {
      case READWRITE -> new ReadWriteRequest(address, words, operation);
      case AUTO ->
          words.length == 1
              ? WriteRequest.register(address, words[0], operation)
              : WriteRequest.registers(address, words, operation);
      case MULTIPLE -> WriteRequest.registers(address, words, operation);
    };
  }
}
