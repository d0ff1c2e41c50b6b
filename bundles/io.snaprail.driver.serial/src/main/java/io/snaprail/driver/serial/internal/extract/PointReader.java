package io.snaprail.driver.serial.internal.extract;

import io.snaprail.api.driver.Sink;
import io.snaprail.driver.serial.internal.extract.Place.NoValueException;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.framing.Patterns;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes one point out of frames. Keeps nothing between calls; safe for any thread. */
public final class PointReader {

  /** Takes a value out of a frame that holds it. */
  private interface Value {
    void deliver(Frame frame, int index, Sink sink) throws NoValueException;
  }

  private final @Nullable Pattern condition;
  private final Value value;

  private PointReader(@Nullable Pattern condition, Value value) {
    this.condition = condition;
    this.value = value;
  }

  /**
   * The reader of a point.
   *
   * @param address as it was parsed, with a place
   * @param type as register maps write it
   * @param order as register maps write it
   * @throws IllegalArgumentException naming the column, what was expected and what was found
   */
  public static PointReader of(PointAddress address, String type, String order, Syntax syntax) {
    return new PointReader(
        condition(address.condition()), value(address.place(), type, order, syntax));
  }

  private static Value value(String place, String type, String order, Syntax syntax) {
    if (BinaryField.is(place)) {
      BinaryField field = BinaryField.of(place, type, order);
      return field::deliver;
    }
    if (!order.isBlank()) {
      throw new IllegalArgumentException("order '" + order + "': a text has none: leave it empty");
    }
    Place text = Places.of(place, syntax);
    TextType meaning = TextType.of(type, syntax.decimalComma());
    return (frame, index, sink) -> meaning.deliver(text.text(frame), index, sink);
  }

  private static @Nullable Pattern condition(String text) {
    if (text.isEmpty()) {
      return null;
    }
    return Patterns.compile("address: if", text);
  }

  /** The regular expression that frames with the point match; empty for all. */
  public String condition() {
    return condition == null ? "" : condition.pattern();
  }

  /**
   * Whether a frame is one that holds the point.
   *
   * @throws BoundedText.RunawayPatternException when the condition does not come to an end
   */
  public boolean isIn(Frame frame) {
    Pattern wanted = condition;
    return wanted == null
        || BoundedText.run(
            "address", () -> wanted.matcher(new BoundedText(frame.text(), "address")).find());
  }

  /** Delivers the point of a frame that holds it: a value, or why there is none. */
  public void deliver(Frame frame, int index, Sink sink) {
    try {
      value.deliver(frame, index, sink);
    } catch (NoValueException | BoundedText.RunawayPatternException e) {
      sink.bad(index, String.valueOf(e.getMessage()));
    }
  }
}
