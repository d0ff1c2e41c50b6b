package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.line.LineLie;
import io.snaprail.testkit.line.LineSimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The line simulator of the test kit: the fastest line, so that a hostile run ends some time. */
final class HostileSerial implements HostileLine {
  private static final int BAUD = 921_600;
  private static final Duration PATIENCE = Duration.ofMillis(40);
  private static final double CHANCE = 0.8;

  /**
   * All but one: an answer that comes a second time, after the next request has left the line, can
   * be told from the answer to that by nothing.
   */
  private static final List<LineLie> LIES =
      Stream.of(LineLie.values()).filter(lie -> lie != LineLie.TWICE).toList();

  private final LineSimulator line;
  private final SerialDriver driver = new SerialDriver();
  private final Device device;
  private final Map<String, Integer> told = new TreeMap<>();

  HostileSerial(SerialMode mode, long seed) throws IOException {
    line = LineSimulator.start(BAUD);
    line.seed(seed);
    line.lateness(PATIENCE.multipliedBy(3).dividedBy(2), false);
    if (mode == SerialMode.RTU) {
      line.rtuUnits(1);
    } else {
      line.asciiUnits(1);
    }
    device = driver.device(mode, line.port(), "baud", BAUD);
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public String address(int place) {
    return "holding:" + place;
  }

  @Override
  public void fill(int first, int count, int generation) {
    for (int place = first; place < first + count; place++) {
      line.holding(1, place, value(place, generation));
    }
  }

  @Override
  public int value(int place, int generation) {
    return place << 8 | (generation & 0xff);
  }

  @Override
  public void lie(Random random) {
    LineLie lie = LIES.get(random.nextInt(LIES.size()));
    told.merge(lie.name().toLowerCase(Locale.ROOT), 1, Integer::sum);
    line.lies(CHANCE, lie);
  }

  @Override
  public void tellTheTruth() {
    line.lies(0);
  }

  @Override
  public Map<String, Integer> told() {
    return new TreeMap<>(told);
  }

  @Override
  public void close() {
    try {
      driver.close();
    } finally {
      line.close();
    }
  }
}
