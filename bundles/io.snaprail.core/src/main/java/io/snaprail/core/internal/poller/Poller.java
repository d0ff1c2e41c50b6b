package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.BusStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts devices on the lane of their bus and takes them off. Safe for any thread. */
public final class Poller implements AutoCloseable {
  /** A task of a tool is one request, or few. */
  private static final Duration LONGEST_VISIT = Duration.ofSeconds(20);

  private final PolledDevice.Surroundings surroundings;
  private final Threads threads;
  private final Runnable end;
  private final Map<String, BusLane> lanes = new HashMap<>();
  private boolean closed;

  /** A lane, the devices on it, and those taken off it that a call may still run in. */
  private record BusLane(Lane lane, List<PolledDevice> devices, List<PolledDevice> leaving) {
    BusLane(Lane lane) {
      this(lane, new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * A call into a driver that has not ended, which holds up its bus.
   *
   * @param name name of the device; that of the bus when a tool holds it
   * @param device null when a tool holds the bus
   * @param timeout by when, after its beginning, the call should have ended
   */
  public record Overdue(String bus, String name, @Nullable Device device, Duration timeout) {}

  /** A device on its bus. */
  public final class Placement {
    private final String bus;
    private final PolledDevice device;
    private final Lane lane;

    private Placement(String bus, PolledDevice device, Lane lane) {
      this.bus = bus;
      this.device = device;
      this.lane = lane;
    }

    /** The device. */
    public PolledDevice device() {
      return device;
    }

    /** The bus it is on. */
    public String bus() {
      return bus;
    }

    /** Lets no further call into the driver begin; {@link #remove()} is still to come. */
    public void halt() {
      device.remove();
    }

    /** Ends polling. A call into the driver that runs now may still end; its result is dropped. */
    public void remove() {
      device.remove();
      leave(this);
    }

    /**
     * Queues a write before every poll of the bus.
     *
     * @param point where to
     * @param raw what, as the driver sees it
     * @param readBack whether to read it back also where the device's settings do not ask for that
     * @return completes when the device confirmed, with what reading it back has shown; cancel it
     *     to take back a write that has not begun
     */
    public CompletableFuture<Written> write(PointDefinition point, Value raw, boolean readBack) {
      Turn<Written> write = Turn.write(() -> device.write(point, raw, readBack), threads::nanos);
      lane.write(write);
      return write.done();
    }

    /**
     * Queues a read before every poll of the bus.
     *
     * @return completes with a sample for each point; cancel it to take back one that has not begun
     */
    public CompletableFuture<List<Sample>> read(List<PointDefinition> points) {
      Turn<List<Sample>> read = Turn.visit(() -> device.read(points), threads::nanos);
      lane.write(read);
      return read.done();
    }
  }

  /** A poller that stamps samples with a clock. */
  public Poller(Clock clock) {
    this(clock, new Workers());
  }

  Poller(Clock clock, Workers workers) {
    this(clock, workers, workers::close);
  }

  Poller(Clock clock, Threads threads, Runnable end) {
    this.surroundings = new PolledDevice.Surroundings(clock, threads, threads.nanos());
    this.threads = threads;
    this.end = end;
  }

  /**
   * Compiles a device's points and starts to poll them.
   *
   * @param errors takes a message for each point that cannot be used
   */
  public Placement add(
      Device device,
      PolledDevice.Settings settings,
      Map<Duration, List<PointDefinition>> points,
      PolledDevice.Events events,
      Consumer<String> errors) {
    Phase phase = Phase.of(settings.name(), surroundings.originNanos(), threads.nanos());
    List<PollGroup> groups = new ArrayList<>();
    points.forEach(
        (period, together) ->
            groups.add(
                new PollGroup(
                    device, new PolledDevice.PointGroup(period, together), errors, phase)));
    PolledDevice polled = new PolledDevice(device, settings, groups, events, surroundings);
    String bus = device.bus();
    Lane lane;
    synchronized (lanes) {
      BusLane busLane = lanes.computeIfAbsent(bus, b -> new BusLane(new Lane(threads)));
      busLane.devices.add(polled);
      lane = busLane.lane;
    }
    lane.add(polled);
    return new Placement(bus, polled, lane);
  }

  /**
   * Does something alone on a bus, which may be one that has no device: after the writes and polls
   * that should have begun before a second from now.
   *
   * @return completes with what the task gives; with what it throws; or as unreachable when the
   *     poller is closed. Cancel it to take back a task that has not begun
   */
  public <T> CompletableFuture<T> onBus(String bus, ToolRun.BusTask<T> task) {
    Turn<T> turn = Turn.visit(task, threads::nanos);
    Lane lane;
    synchronized (lanes) {
      if (closed) {
        turn.refuse();
        return turn.done();
      }
      lane = lanes.computeIfAbsent(bus, b -> new BusLane(new Lane(threads))).lane;
      // Here, as a lane that nobody waits for may be dropped at any time.
      lane.visit(turn);
    }
    lane.kick();
    return turn.done();
  }

  private void leave(Placement placement) {
    synchronized (lanes) {
      placement.lane.remove(placement.device);
      BusLane busLane = lanes.get(placement.bus);
      if (busLane != null && busLane.devices.remove(placement.device)) {
        busLane.leaving.add(placement.device);
      }
      dropIdleLanes();
    }
  }

  /** A lane whose last device has gone stays until its task has ended: one bus, one user. */
  private void dropIdleLanes() {
    lanes.values().stream().filter(l -> l.lane.idle()).map(BusLane::leaving).forEach(List::clear);
    lanes.values().removeIf(l -> l.devices.isEmpty() && l.lane.idle());
  }

  /**
   * The calls into drivers that should have ended the given time ago and still run. Call it now and
   * then: it also lets go of devices that have left.
   */
  public List<Overdue> overdue(Duration grace) {
    List<Overdue> overdue = new ArrayList<>();
    synchronized (lanes) {
      dropIdleLanes();
      lanes.forEach(
          (bus, lane) -> {
            lane.leaving.removeIf(device -> !device.inside());
            lane.leaving.stream().filter(d -> d.overdue(grace)).forEach(PolledDevice::abandon);
            Stream.concat(lane.devices.stream(), lane.leaving.stream())
                .filter(device -> device.overdue(grace))
                .map(d -> new Overdue(bus, d.name(), d.device(), d.timeout()))
                .forEach(overdue::add);
            if (lane.lane.visitNanos() > LONGEST_VISIT.plus(grace).toNanos()) {
              overdue.add(new Overdue(bus, bus, null, LONGEST_VISIT));
            }
          });
    }
    return overdue;
  }

  /** Every bus that has a device, by name. */
  public List<BusStatus> statuses() {
    List<BusStatus> statuses = new ArrayList<>();
    synchronized (lanes) {
      dropIdleLanes();
      lanes.forEach(
          (bus, lane) -> {
            List<PolledDevice> devices = lane.devices;
            if (devices.isEmpty()) {
              return;
            }
            statuses.add(
                lane.lane.status(bus, devices.stream().map(PolledDevice::name).sorted().toList()));
          });
    }
    statuses.sort(Comparator.comparing(BusStatus::name));
    return statuses;
  }

  /** Number of buses in use. */
  public int buses() {
    synchronized (lanes) {
      dropIdleLanes();
      return lanes.size();
    }
  }

  /** Ends every thread; nobody is left waiting for a turn that never comes. */
  @Override
  public void close() {
    List<Lane> open;
    synchronized (lanes) {
      closed = true;
      open = lanes.values().stream().map(BusLane::lane).toList();
    }
    open.forEach(Lane::close);
    end.run();
  }
}
