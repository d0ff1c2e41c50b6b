package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.serial.internal.command.Template;
import io.snaprail.driver.serial.internal.extract.PointAddress;
import io.snaprail.driver.serial.internal.extract.PointReader;

/** Makes readers and commands of points. Does no input or output; safe for any thread. */
final class Points {
  private final SensorSettings settings;

  Points(SensorSettings settings) {
    this.settings = settings;
  }

  /**
   * A point that is read.
   *
   * @param index of the point in the sink
   * @param request what it is asked with; empty when the device talks by itself
   */
  record Read(int index, String request, PointReader reader) {}

  /**
   * How a point is read.
   *
   * @throws IllegalArgumentException when it cannot be: column, expected and found
   */
  Read read(int index, PointDefinition point) {
    PointAddress address = PointAddress.parse(point.address());
    if (address.place().isEmpty()) {
      throw new IllegalArgumentException(
          "address '"
              + point.address()
              + "': expected where the value stands, such as column:2, or access w");
    }
    String own = address.ask().isEmpty() ? settings.asking().request() : address.ask();
    if (settings.listens() && !address.ask().isEmpty()) {
      throw new IllegalArgumentException(
          "address '" + point.address() + "': expected no 'ask' with mode listen; set mode to ask");
    }
    if (!settings.listens() && own.isEmpty()) {
      throw new IllegalArgumentException(
          "address '"
              + point.address()
              + "': expected what is asked, such as ask MEAS?\\n, or the setting 'request'");
    }
    bytes(own);
    return new Read(
        index, own, PointReader.of(address, point.type(), point.order(), settings.syntax()));
  }

  /**
   * The bytes of a request.
   *
   * @throws IllegalArgumentException when it is none
   */
  byte[] bytes(String request) {
    return template("ask", request).bytes(settings.asking().unit(), null);
  }

  /**
   * The command that writes a point.
   *
   * @throws IllegalArgumentException when it cannot be written: column, expected and found
   */
  Template command(PointDefinition point) {
    String set = PointAddress.parse(point.address()).set();
    if (set.isEmpty()) {
      throw new IllegalArgumentException(
          "address '"
              + point.address()
              + "': expected the command that writes it, such as set SP ${value}\\r, or access r");
    }
    return template("set", set);
  }

  private Template template(String word, String text) {
    return Template.parse("address: " + word, text, settings.checksum());
  }
}
