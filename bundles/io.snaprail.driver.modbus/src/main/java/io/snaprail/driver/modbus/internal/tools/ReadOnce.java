package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.driver.modbus.internal.ModbusAddress;
import io.snaprail.driver.modbus.internal.Places;
import io.snaprail.driver.modbus.internal.codec.RegisterOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads one value once and shows it in every byte and word order that its type can have: people see
 * at a glance which is right.
 */
final class ReadOnce implements ModbusTool {
  private static final int[] WIDTHS = {1, 2, 4};

  @Override
  public Tool describe(Kind<?> kind) {
    return new Tool(
        "read",
        "Read one value in every order",
        "Reads an address once as a type, and shows what it would be in each byte and word order,"
            + " before scaling. It changes nothing.",
        List.of(
            Tool.Parameter.text("address", "Address, as in a register map", "holding:0"),
            Tool.Parameter.text("type", "Type, as in a register map", "float32"),
            Tool.Parameter.whole(Given.TIMEOUT, "Time-out (ms)", 1_000, 10, 60_000)),
        List.of("order", "value", "registers"),
        Tool.Access.OPERATOR);
  }

  @Override
  public void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    String address = given.text("address");
    String type = given.text("type");
    List<String> orders = orders(target, address, type);
    List<PointDefinition> points = new ArrayList<>();
    orders.forEach(order -> points.add(point(address, type, order)));
    points.addAll(registers(target, address, orders.get(0).length() / 2));
    ReadPlan plan =
        target.compile(
            points,
            (index, message) -> {
              throw new IllegalArgumentException(message);
            });
    TextSink sink = new TextSink(points.size());
    run.onBus(
        target.bus(),
        () -> {
          plan.read(sink, given.deadline());
          return sink;
        });
    String raw = sink.joined(orders.size(), points.size());
    for (int i = 0; i < orders.size(); i++) {
      run.row(List.of(orders.get(i), sink.text(i), raw));
    }
  }

  /**
   * The orders that the type can have, its default first; one without a name when it has none.
   *
   * @throws IllegalArgumentException when the address or the type is wrong
   */
  private static List<String> orders(Target target, String address, String type) {
    target.compile(
        List.of(point(address, type, "")),
        (index, message) -> {
          throw new IllegalArgumentException(message);
        });
    Set<String> possible = new LinkedHashSet<>();
    for (int width : WIDTHS) {
      for (RegisterOrder order : RegisterOrder.values()) {
        String letters = order.letters(width);
        possible.add(letters);
        target.compile(
            List.of(point(address, type, letters)), (index, message) -> possible.remove(letters));
      }
    }
    return possible.isEmpty() ? List.of("") : List.copyOf(possible);
  }

  /** The registers that the value is in, where that is known from its order. */
  private static List<PointDefinition> registers(Target target, String text, int count) {
    boolean zeroBased = target.unit().zeroBased();
    ModbusAddress address = ModbusAddress.parse(text, zeroBased);
    List<PointDefinition> registers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String place = new Places(zeroBased).address(address.table(), address.wire() + i);
      registers.add(point(place, "uint16", ""));
    }
    return registers;
  }

  private static PointDefinition point(String address, String type, String order) {
    return new PointDefinition(
        "value",
        address,
        type,
        order,
        BigDecimal.ONE,
        BigDecimal.ZERO,
        "",
        Access.READ,
        null,
        0,
        null,
        null,
        "",
        new SourceLocation("read", 0));
  }
}
