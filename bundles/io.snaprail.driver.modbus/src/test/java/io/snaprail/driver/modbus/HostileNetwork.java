package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.Faults;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The hostile server of the test kit. Holding and input registers take turns. */
class HostileNetwork implements HostileLine {
  private static final double CHANCE = 0.8;

  private final Duration patience;
  private final HostileModbusServer server;
  private final Device device;
  private final AutoCloseable driver;
  private final Map<String, Behaviour> faults;
  private final List<String> names;
  private final Map<String, Integer> told = new TreeMap<>();

  HostileNetwork(
      HostileModbusServer server, Device device, AutoCloseable driver, Duration patience) {
    this.patience = patience;
    this.server = server;
    this.device = device;
    this.driver = driver;
    faults = Faults.of(server.wire(), patience);
    names = List.copyOf(faults.keySet());
  }

  @Override
  public Duration patience() {
    return patience;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public String address(int place) {
    return (place < 128 ? "holding:" : "input:") + place % 128;
  }

  @Override
  public void fill(int first, int count, int generation) {
    for (int place = first; place < first + count; place++) {
      server
          .unit(1)
          .set(place < 128 ? Area.HOLDING : Area.INPUT, place % 128, value(place, generation));
    }
  }

  @Override
  public int value(int place, int generation) {
    return place << 8 | (generation & 0xff);
  }

  @Override
  public void lie(Random random) {
    server.decide(request -> fault(random));
  }

  private synchronized Behaviour fault(Random random) {
    if (random.nextDouble() > CHANCE) {
      return Behaviour.honest();
    }
    String name = names.get(random.nextInt(names.size()));
    told.merge(name, 1, Integer::sum);
    return faults.get(name);
  }

  @Override
  public void tellTheTruth() {
    server.honest();
  }

  @Override
  public synchronized Map<String, Integer> told() {
    return new TreeMap<>(told);
  }

  @Override
  public void close() {
    try {
      driver.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      server.close();
    }
  }
}
