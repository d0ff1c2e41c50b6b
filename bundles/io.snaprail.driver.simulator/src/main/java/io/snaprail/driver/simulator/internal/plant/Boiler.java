package io.snaprail.driver.simulator.internal.plant;

/** A hot-water boiler with an on-off burner and a small house behind it. */
final class Boiler {
  private static final double RATED_KW = 24;
  private static final double LOSS_KW_PER_KELVIN = 0.25;
  private static final double CAPACITY_KJ_PER_KELVIN = 60;
  private static final double HYSTERESIS = 1.5;
  private static final double ALARM_AT = 95;

  private double temperature = 55;
  private boolean flame;
  private double energyWh = 1_234_000;
  private double runningSeconds = 3_600_000;

  /**
   * Lets time pass.
   *
   * @param seconds above 0, and short against the boiler's minutes
   * @param setpoint in °C
   * @param enabled whether the burner may burn
   * @param outdoor in °C
   */
  void step(double seconds, double setpoint, boolean enabled, double outdoor) {
    if (!enabled || temperature > setpoint + HYSTERESIS) {
      flame = false;
    } else if (temperature < setpoint - HYSTERESIS) {
      flame = true;
    }
    temperature += balanceKw(outdoor) * seconds / CAPACITY_KJ_PER_KELVIN;
    if (flame) {
      energyWh += RATED_KW * 1000 * seconds / 3600;
      runningSeconds += seconds;
    }
  }

  double temperature() {
    return temperature;
  }

  boolean flame() {
    return flame;
  }

  boolean overheated() {
    return temperature > ALARM_AT;
  }

  /** In bar: 1 when cold, about 2 when hot. */
  double pressure() {
    return 0.8 + 0.016 * temperature;
  }

  double powerKw() {
    return flame ? RATED_KW : 0;
  }

  /** What the water gains, or loses, in kW. */
  double balanceKw(double outdoor) {
    return powerKw() - LOSS_KW_PER_KELVIN * (temperature - outdoor);
  }

  double energyWh() {
    return energyWh;
  }

  double runningHours() {
    return runningSeconds / 3600;
  }
}
