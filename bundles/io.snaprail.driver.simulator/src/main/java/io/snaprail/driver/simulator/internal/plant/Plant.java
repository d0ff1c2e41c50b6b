package io.snaprail.driver.simulator.internal.plant;

import io.snaprail.driver.simulator.internal.slave.ModbusException;
import io.snaprail.driver.simulator.internal.slave.RegisterBank;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The simulated plant as registers; {@code maps/plant.csv} of the demo describes them. Time passes
 * for it whenever somebody looks, so it needs no thread. Safe for any thread.
 */
public final class Plant implements RegisterBank {
  private static final int COILS = 2;
  private static final int BURNER = 0;
  private static final int PUMP = 1;

  private static final int DISCRETES = 4;

  private static final int HOLDINGS = 10;
  private static final int SETPOINT = 0;
  private static final int PUMP_SPEED = 1;
  private static final int DRAW = 2;
  private static final int TRIM = 4;
  private static final int FILLINGS = 6;
  private static final int NIGHT_SETBACK = 8;

  private static final int INPUTS = 16;

  private static final double STEP_SECONDS = 0.25;
  private static final double MAX_CATCH_UP_SECONDS = 60;

  private final LongSupplier nanoTime;
  private final boolean[] coils = {true, true};
  private final Words holding = new Words(HOLDINGS);
  private final Boiler boiler = new Boiler();
  private final Tank tank = new Tank();
  private long lastNanos;
  private double seconds;

  /** A plant in operation. */
  public Plant(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
    holding.int16(SETPOINT, 650);
    holding.uint16(PUMP_SPEED, 80);
    holding.float32(DRAW, 6);
    holding.int32(TRIM, 0);
    holding.uint32(FILLINGS, 0);
    holding.int16(NIGHT_SETBACK, -50);
    holding.uint16(NIGHT_SETBACK + 1, 0);
  }

  private void catchUp() {
    long now = nanoTime.getAsLong();
    double left = Math.min((now - lastNanos) / 1e9, MAX_CATCH_UP_SECONDS);
    lastNanos = now;
    while (left > 0) {
      double step = Math.min(left, STEP_SECONDS);
      seconds += step;
      boiler.step(step, setpoint(), coils[BURNER], outdoor());
      tank.step(step, coils[PUMP], holding.get(PUMP_SPEED) / 100.0, holding.real(DRAW));
      left -= step;
    }
    holding.uint32(FILLINGS, tank.fillings());
  }

  /** With the trim, and the setback while the night switch is on. */
  private double setpoint() {
    double night = holding.get(NIGHT_SETBACK + 1) == 0 ? 0 : holding.signed16(NIGHT_SETBACK) / 10.0;
    return holding.signed16(SETPOINT) / 10.0 + holding.bits32(TRIM) / 100.0 + night;
  }

  /** A day takes ten minutes here. */
  private double outdoor() {
    return 2 + 6 * Math.sin(2 * Math.PI * seconds / 600);
  }

  private Words inputs() {
    Words words = new Words(INPUTS);
    double ripple = 0.2 * Math.sin(seconds / 3);
    words.int16(0, 10 * (boiler.temperature() + ripple));
    words.uint16(1, 100 * boiler.pressure());
    words.uint16(2, 10 * tank.level());
    words.int16(3, 10 * outdoor());
    words.uint32(4, Math.round(boiler.energyWh()));
    words.uint32(6, Math.round(100 * boiler.runningHours()));
    words.float32(8, boiler.powerKw());
    words.int32(10, 1000 * boiler.balanceKw(outdoor()));
    words.float32(12, 3.6 * tank.pumped());
    words.float32Swapped(14, tank.litres());
    return words;
  }

  private boolean[] discretes() {
    return new boolean[] {boiler.flame(), boiler.overheated(), tank.pumped() > 0, tank.low()};
  }

  @Override
  public synchronized boolean[] read(Bits table, int address, int count) throws ModbusException {
    requireWithin(address, count, table == Bits.COIL ? COILS : DISCRETES);
    catchUp();
    boolean[] all = table == Bits.COIL ? coils : discretes();
    return Arrays.copyOfRange(all, address, address + count);
  }

  @Override
  public synchronized int[] read(Registers table, int address, int count) throws ModbusException {
    requireWithin(address, count, table == Registers.HOLDING ? HOLDINGS : INPUTS);
    catchUp();
    Words all = table == Registers.HOLDING ? holding : inputs();
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = all.get(address + i);
    }
    return words;
  }

  @Override
  public synchronized void write(int address, boolean[] values) throws ModbusException {
    requireWithin(address, values.length, COILS);
    catchUp();
    System.arraycopy(values, 0, coils, address, values.length);
  }

  @Override
  public synchronized void write(int address, int[] values) throws ModbusException {
    requireWithin(address, values.length, HOLDINGS);
    catchUp();
    Words wanted = new Words(HOLDINGS);
    for (int i = 0; i < HOLDINGS; i++) {
      boolean named = i >= address && i < address + values.length;
      wanted.set(i, named ? values[i - address] : holding.get(i));
    }
    requireValid(wanted);
    for (int i = 0; i < HOLDINGS; i++) {
      holding.set(i, wanted.get(i));
    }
    tank.resetFillings(Integer.toUnsignedLong(holding.bits32(FILLINGS)));
  }

  /** A plant refuses what would harm it. */
  private static void requireValid(Words wanted) throws ModbusException {
    boolean valid =
        within(wanted.signed16(SETPOINT), 200, 900)
            && within(wanted.get(PUMP_SPEED), 0, 100)
            && within(wanted.real(DRAW), 0, 20)
            && within(wanted.bits32(TRIM), -500, 500)
            && within(wanted.signed16(NIGHT_SETBACK), -200, 0)
            && within(wanted.get(NIGHT_SETBACK + 1), 0, 1);
    if (!valid) {
      throw new ModbusException(ModbusException.ILLEGAL_VALUE);
    }
  }

  private static boolean within(double value, double low, double high) {
    return value >= low && value <= high;
  }

  private static void requireWithin(int address, int count, int size) throws ModbusException {
    if (address + count > size) {
      throw new ModbusException(ModbusException.ILLEGAL_ADDRESS);
    }
  }
}
