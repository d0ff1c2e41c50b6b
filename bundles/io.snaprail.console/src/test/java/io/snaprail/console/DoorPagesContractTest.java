package io.snaprail.console;

import com.example.door.DoorPages;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.testkit.ConsoleExtensionContract;

/** The example of the OEM guide keeps what the guide says. */
class DoorPagesContractTest extends ConsoleExtensionContract {
  private final DoorPages pages = new DoorPages();

  @Override
  protected ConsoleExtension extension() {
    return pages;
  }
}
