package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.framing.FrameShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows what settings and points make of bytes that somebody gives: every frame with its points,
 * what is in no frame and why, and at the end what would be published. Opens nothing.
 */
public final class FrameTrial {
  /** Heads of its table. */
  public static final List<String> COLUMNS =
      List.of("piece", "point", "value", "quality", "reason", "hex");

  private static final int MAX_SHOWN = 256;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

  private final SensorSettings settings;
  private final ToolRun run;
  private final String asked;
  private final List<Try> tries = new ArrayList<>();
  private final Map<String, Sample> last = new LinkedHashMap<>();
  private int frames;
  private int outside;

  private record Try(PointDefinition point, Points.Read read) {}

  private FrameTrial(SensorSettings settings, ToolRun run, String asked) {
    this.settings = settings;
    this.run = run;
    this.asked = asked;
  }

  /**
   * Tries bytes.
   *
   * @param bursts what came, with silence between them where frames are told apart by that
   * @param begins whether they begin with the beginning of a frame
   * @param asked only points that are asked with this; empty for all
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public static void run(
      LineConfig line,
      SensorConfig config,
      List<byte[]> bursts,
      boolean begins,
      String asked,
      ToolRun run)
      throws DriverException, InterruptedException {
    FrameTrial trial = new FrameTrial(SensorSettings.of(line, config), run, asked);
    trial.compile();
    for (Cutter.Piece piece : trial.cut(bursts, begins)) {
      if (run.cancelled()) {
        throw new InterruptedException("cancelled");
      }
      trial.tell(piece);
    }
    trial.conclude();
  }

  private void compile() {
    Points points = new Points(settings);
    ToolRun.Points given = run.points();
    given.errors().forEach(error -> row("", "", "", Quality.BAD, error, ""));
    for (PointDefinition point : given.good()) {
      if (!point.access().readable()) {
        continue;
      }
      try {
        Points.Read read = points.read(tries.size(), point);
        if (asked.isEmpty() || read.request().equals(asked)) {
          tries.add(new Try(point, read));
        }
      } catch (IllegalArgumentException e) {
        row("", point.name(), "", Quality.BAD, String.valueOf(e.getMessage()), "");
      }
    }
  }

  private List<Cutter.Piece> cut(List<byte[]> bursts, boolean begins) {
    List<Cutter.Piece> pieces = new ArrayList<>();
    Cutter cutter = new Cutter(settings, pieces::add);
    long gap = settings.frames().sync() == FrameShape.Sync.SILENCE ? silence() : 0;
    long now = 0;
    cutter.restart(begins, now);
    for (byte[] burst : bursts) {
      cutter.bytes(burst, 0, burst.length, now);
      now += gap;
    }
    cutter.silence(now + silence());
    cutter.silence(now + settings.limits().partial().toNanos());
    cutter.restart(true, now);
    return pieces;
  }

  private long silence() {
    return settings.limits().silence().toNanos();
  }

  private void tell(Cutter.Piece piece) throws DriverException {
    Frame frame = piece.frame();
    String text = shown(piece.bytes());
    String hex = hex(piece.bytes());
    if (frame == null) {
      outside += piece.bytes().length;
      row("skipped", "", text, Quality.BAD, piece.verdict(), hex);
      return;
    }
    frames++;
    row("frame " + frames, "", text, Quality.GOOD, piece.verdict(), hex);
    if (piece.mine()) {
      points(frame);
    }
  }

  private void points(Frame frame) throws DriverException {
    List<Try> here = tries.stream().filter(one -> isIn(one.read(), frame)).toList();
    List<PointDefinition> points = here.stream().map(Try::point).toList();
    List<Sample> samples =
        run.samples(
            points,
            (sink, deadline) -> {
              for (int i = 0; i < here.size(); i++) {
                here.get(i).read().reader().deliver(frame, i, sink);
              }
            });
    for (int i = 0; i < samples.size(); i++) {
      last.put(samples.get(i).point(), samples.get(i));
      row("", points.get(i), samples.get(i));
    }
  }

  /** Delivering it gives the message of an expression that does not come to an end. */
  private static boolean isIn(Points.Read read, Frame frame) {
    try {
      return read.reader().isIn(frame);
    } catch (BoundedText.RunawayPatternException e) {
      return true;
    }
  }

  private void conclude() {
    int good = 0;
    for (Try one : tries) {
      Sample sample = last.get(one.point().name());
      if (sample == null) {
        row("result", one.point().name(), "", Quality.BAD, "no frame with this point", "");
      } else if (frames > 1) {
        row("result", one.point(), sample);
      }
      good += sample != null && sample.quality() == Quality.GOOD ? 1 : 0;
    }
    String points = tries.isEmpty() ? "no point" : good + " of " + tries.size() + " points";
    run.progress(
        1,
        1,
        (frames == 1 ? "1 frame" : frames + " frames")
            + (outside == 0 ? "" : ", " + outside + " bytes in none")
            + "; "
            + points
            + (good == 1 && tries.size() == 1 ? " has a value" : " have a value"));
  }

  private void row(String piece, PointDefinition point, Sample sample) {
    var value = sample.value();
    String text = value == null ? "" : value.text();
    row(
        piece,
        point.name(),
        text.isEmpty() || point.unit().isEmpty() ? text : text + " " + point.unit(),
        sample.quality(),
        sample.reason(),
        "");
  }

  private void row(
      String piece, String point, String value, Quality quality, String reason, String hex) {
    run.row(List.of(piece, point, value, quality.name(), reason, hex));
  }

  private static String shown(byte[] bytes) {
    return bytes.length <= MAX_SHOWN
        ? Escapes.shown(bytes)
        : Escapes.shown(Arrays.copyOf(bytes, MAX_SHOWN)) + "...";
  }

  private static String hex(byte[] bytes) {
    return bytes.length <= MAX_SHOWN
        ? HEX.formatHex(bytes)
        : HEX.formatHex(bytes, 0, MAX_SHOWN) + " ...";
  }
}
