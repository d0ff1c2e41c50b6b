package io.snaprail.storage.internal.config;

import java.util.List;

/** A configuration that cannot be used; every fault that was found, at least one. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  ConfigException(List<Fault> faults) {
    super(faults.get(0).message());
    this.faults = List.copyOf(faults);
  }

  ConfigException(Fault fault) {
    this(List.of(fault));
  }

  List<Fault> faults() {
    return faults;
  }
}
