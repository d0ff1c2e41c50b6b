package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.line.Answer;
import io.snaprail.driver.serial.internal.line.LineUse;
import io.snaprail.driver.serial.internal.line.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a device: sends requests and takes points out of the answers. */
final class Asker {
  private final SensorSettings settings;
  private final Counters counters;
  private final LineUse use;

  Asker(SensorSettings settings, Counters counters, LineUse use) {
    this.settings = settings;
    this.counters = counters;
    this.use = use;
  }

  /** Frames that come back, until one or all that is wanted has come. */
  private final class Frameful implements Answer {
    private final Frames frames;
    private final Predicate<Frame> last;
    private final long badBefore = counters.bad.sum();
    private boolean complete;
    private int heard;

    /**
     * Waits for frames.
     *
     * @param last takes each frame of the device, and says whether it was the last one wanted
     */
    Frameful(Predicate<Frame> last) {
      this.last = last;
      this.frames = new Frames(settings, counters, this::heard);
    }

    private void heard(Frame frame) {
      heard++;
      complete |= last.test(frame);
    }

    @Override
    public void begins(long nanoTime) {
      frames.restart(true, nanoTime);
    }

    @Override
    public void bytes(byte[] bytes, int offset, int length, long nanoTime) {
      frames.bytes(bytes, offset, length, nanoTime);
    }

    @Override
    public void silence(long nanoTime) {
      frames.silence(nanoTime);
    }

    @Override
    public void deaf(long nanos) {
      frames.deaf(nanos);
    }

    @Override
    public long wakeInNanos(long nanoTime) {
      return frames.wakeInNanos(nanoTime);
    }

    @Override
    public boolean complete() {
      return complete;
    }

    /** Why there is no answer. */
    DriverException missing(byte[] request) {
      String where =
          use.line().address()
              + (settings.asking().unit().isEmpty() ? "" : " unit " + settings.asking().unit());
      String asked = " to '" + Escapes.shown(request) + "'";
      if (counters.bad.sum() > badBefore) {
        return DriverException.wrongAnswer(
            where + ": damaged answer" + asked + ": " + counters.lastFault, null);
      }
      return DriverException.noAnswer(
          where
              + ": no answer"
              + asked
              + " within "
              + settings.asking().timeout().toMillis()
              + " ms",
          null);
    }
  }

  /**
   * Asks for points, again where there was no good answer.
   *
   * @param points all asked with the same request
   * @throws DriverException when no frame has come
   */
  void ask(byte[] request, List<Points.Read> points, Sink sink, Deadline deadline)
      throws DriverException {
    int tries = settings.asking().retries() + 1;
    for (int left = tries - 1; ; left--) {
      try {
        askOnce(request, points, sink, deadline);
        return;
      } catch (DriverException e) {
        boolean again = e.sent() && e.kind() != DriverException.Kind.CONFIGURATION;
        if (left == 0 || !again || deadline.expired()) {
          throw e;
        }
      }
    }
  }

  private void askOnce(byte[] request, List<Points.Read> points, Sink sink, Deadline deadline)
      throws DriverException {
    List<Points.Read> wanted = new ArrayList<>(points);
    Frameful answer =
        new Frameful(
            frame -> {
              wanted.removeIf(point -> taken(point, frame, sink));
              return wanted.isEmpty();
            });
    counters.requests.increment();
    use.line().exchange(request(request), answer, deadline);
    if (answer.heard == 0) {
      counters.timeouts.increment();
      throw answer.missing(request);
    }
    for (Points.Read point : wanted) {
      sink.bad(point.index(), "the answer has no frame with this point");
    }
  }

  private static boolean taken(Points.Read point, Frame frame, Sink sink) {
    try {
      if (!point.reader().isIn(frame)) {
        return false;
      }
    } catch (BoundedText.RunawayPatternException e) {
      sink.bad(point.index(), String.valueOf(e.getMessage()));
      return true;
    }
    point.reader().deliver(frame, point.index(), sink);
    return true;
  }

  /**
   * Sends a command, once.
   *
   * @throws DriverException when it was not confirmed, where the device confirms commands
   */
  void command(byte[] command, Deadline deadline) throws DriverException {
    counters.commands.increment();
    Pattern confirm = settings.asking().confirm();
    if (settings.listens()) {
      use.line().send(command, deadline);
      return;
    }
    if (confirm == null) {
      use.line().exchange(request(command), Silent.ANSWER, deadline);
      return;
    }
    @Nullable Frame[] first = new Frame[1];
    Frameful answer =
        new Frameful(
            frame -> {
              first[0] = frame;
              return true;
            });
    use.line().exchange(request(command), answer, deadline);
    Frame frame = first[0];
    if (frame == null) {
      counters.timeouts.increment();
      throw answer.missing(command);
    }
    boolean confirmed =
        BoundedText.run(
            "confirm", () -> confirm.matcher(new BoundedText(frame.text(), "confirm")).find());
    if (!confirmed) {
      throw DriverException.refused(
          use.line().address()
              + ": expected a confirmation such as '"
              + confirm.pattern()
              + "' of '"
              + Escapes.shown(command)
              + "', found '"
              + Escapes.shown(frame.content())
              + "'");
    }
  }

  private Request request(byte[] bytes) {
    return new Request(
        bytes,
        settings.asking().echo(),
        settings.asking().wake(),
        settings.asking().pause(),
        settings.limits().silence(),
        settings.asking().timeout());
  }
}
