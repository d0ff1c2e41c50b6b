package io.snaprail.driver.modbus.internal.sunspec;

import java.util.ArrayList;
import java.util.List;

/** Remembers what a discovery tells. */
final class Told implements SunSpecDiscovery.Report {
  final List<String> models = new ArrayList<>();

  @Override
  public void model(int id, String title, String address, int length, String remark) {
    models.add(String.join("|", "" + id, title, address, "" + length, remark));
  }

  @Override
  public void progress(int done, int of, String text) {}
}
