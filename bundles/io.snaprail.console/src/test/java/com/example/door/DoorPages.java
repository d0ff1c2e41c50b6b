package com.example.door;

import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Component;

/** A page with the state of a cabinet's door, and a button that unlocks it. */
@Component
public final class DoorPages implements ConsoleExtension {
  private final AtomicBoolean locked = new AtomicBoolean(true);

  @Override
  public String name() {
    return "door";
  }

  @Override
  public String title() {
    return "Cabinet door";
  }

  @Override
  public List<ConsolePage> pages() {
    return List.of(new ConsolePage("state", "Cabinet door", Role.VIEWER, "door.html"));
  }

  @Override
  public List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("state", Role.VIEWER, "How the door is", this::state),
        ConsoleCall.change("POST", "unlock", Role.OPERATOR, "Unlock the door", this::unlock));
  }

  private ConsoleAnswer state(ConsoleRequest request) {
    return ConsoleAnswer.json("{\"locked\":" + locked + "}");
  }

  private ConsoleAnswer unlock(ConsoleRequest request) throws ConsoleException {
    if (!locked.compareAndSet(true, false)) {
      throw new ConsoleException(409, "unlocked", "The door is unlocked already.");
    }
    return ConsoleAnswer.done();
  }
}
