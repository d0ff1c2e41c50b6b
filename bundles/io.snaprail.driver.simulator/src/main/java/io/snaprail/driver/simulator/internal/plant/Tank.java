package io.snaprail.driver.simulator.internal.plant;

/** A tank that a pump fills and somebody draws from. */
final class Tank {
  private static final double VOLUME_LITRES = 2000;
  private static final double PUMP_LITRES_PER_SECOND = 12;
  private static final double FULL = 98;
  private static final double LOW = 15;

  private double level = 60;
  private boolean interlock;
  private double pumped;
  private long fillings;

  /**
   * Lets time pass.
   *
   * @param seconds above 0
   * @param enabled whether the pump may run
   * @param speed of the pump, 0..1
   * @param drawn what is drawn, in litres a second
   */
  void step(double seconds, boolean enabled, double speed, double drawn) {
    if (level >= FULL && !interlock) {
      interlock = true;
      fillings++;
    } else if (level < FULL - 10) {
      interlock = false;
    }
    pumped = enabled && !interlock ? speed * PUMP_LITRES_PER_SECOND : 0;
    double litres = (pumped - drawn) * seconds;
    level = Math.max(0, Math.min(100, level + litres / VOLUME_LITRES * 100));
  }

  /** In percent. */
  double level() {
    return level;
  }

  double litres() {
    return level / 100 * VOLUME_LITRES;
  }

  /** What the pump delivers, in litres a second. */
  double pumped() {
    return pumped;
  }

  boolean low() {
    return level < LOW;
  }

  /** How often it was filled to the brim since the start or the last {@link #resetFillings}. */
  long fillings() {
    return fillings;
  }

  void resetFillings(long count) {
    fillings = count;
  }
}
