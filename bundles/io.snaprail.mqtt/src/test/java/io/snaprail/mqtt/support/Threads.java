package io.snaprail.mqtt.support;

import java.util.List;

/** Looks for threads that should be gone. */
public final class Threads {
  private Threads() {}

  /** Names of the threads of this bundle and of Paho that are alive. */
  public static List<String> ofMqtt(String uplink) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("snaprail-mqtt-" + uplink) || name.startsWith("MQTT "))
        .sorted()
        .toList();
  }
}
