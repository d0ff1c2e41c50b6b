package io.snaprail.testkit.line;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A serial line: two pseudo-terminals, and between them bytes that take the time that they take at
 * a baud rate. The driver under test opens {@link #port()}. On the far end are units that the
 * simulator plays itself, or a program that opens {@link #farPort()}, such as pymodbus.
 *
 * <p>Both ends may send at once; what overlaps arrives garbled, as on a two-wire line. Faults are
 * told beforehand and happen by a seeded chance, so that a run can be repeated as far as its timing
 * allows. Baud rate, parity and the rest that the driver sets on the terminal have no effect. Linux
 * has no parity on pseudo-terminals, and glibc refuses it when a terminal is opened a second time:
 * such a test sets no parity, and 10 bits a character.
 *
 * <p>A unit answers t3.5 after the last byte of a request, plus its {@link #turnaround}. Holding
 * register A of unit U holds (1000 U + A) mod 65,536 until it is written, the input register the
 * same with its highest bit turned over; coil A is on when U + A is odd, the discrete input when it
 * is even; from 60,000 on there is nothing (exception 2). Functions: 1 to 6, 8 (sub-function 0),
 * 15, 16, 22.
 *
 * <p>Safe for any thread.
 */
public final class LineSimulator implements AutoCloseable {
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final Path folder;
  private final Path port;
  private final Path farPort;

  private LineSimulator(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
    commands = process.outputWriter();
    answers = process.inputReader();
    port = folder.resolve("usb-Simulated_Line-port0");
    farPort = folder.resolve("usb-Simulated_Line-far0");
  }

  /**
   * Starts a line of 11 bits a character, which is what Modbus RTU always has.
   *
   * @param baud bits a second, 300..921,600
   */
  public static LineSimulator start(int baud) throws IOException {
    Process process =
        new ProcessBuilder(LineProgram.path().toString()).redirectError(Redirect.INHERIT).start();
    Path folder = Files.createTempDirectory("snaprail-ports");
    LineSimulator line = new LineSimulator(process, folder);
    boolean ready = false;
    try {
      String[] terminals = line.answer("start").split(" ", 2);
      line.link(line.port, terminals[0]);
      line.link(line.farPort, terminals[1]);
      line.baud(baud, 11);
      ready = true;
      return line;
    } finally {
      if (!ready) {
        line.close();
      }
    }
  }

  /** Skips the test where the simulator cannot run; fails it where CI=true is set. */
  public static void require() {
    String missing = LineProgram.missing();
    if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
      Assertions.fail(missing);
    }
    Assumptions.assumeTrue(missing.isEmpty(), missing);
  }

  /**
   * The port of the master: a symbolic link that stays the same, as in {@code /dev/serial/by-id},
   * whatever the terminal behind it is called. It is not there after {@link #vanish()}.
   */
  public Path port() {
    return port;
  }

  /** The port of the far end, likewise. */
  public Path farPort() {
    return farPort;
  }

  /**
   * Another line.
   *
   * @param baud bits a second, 300..921,600
   * @param bits of a character, start, parity and stop bits included: 10 for 8N1, 11 for 8E1
   */
  public void baud(int baud, int bits) {
    range("baud", baud, 300, 921_600);
    range("bits", bits, 7, 12);
    tell("line", baud, bits);
  }

  /**
   * Lets the simulator play units in RTU, in addition to those that it plays already; from now on
   * it plays all in RTU.
   *
   * @param units 1..247
   */
  public void rtuUnits(int... units) {
    units(0, units);
  }

  /** Lets the simulator play units in ASCII, likewise. */
  public void asciiUnits(int... units) {
    units(1, units);
  }

  private void units(int ascii, int... units) {
    tell("ascii", ascii);
    for (int unit : units) {
      tell("unit", range("unit", unit, 1, 247));
    }
  }

  /** A unit that was there stops answering, until it is named as a unit again. */
  public void mute(int unit) {
    tell("mute", unit);
  }

  /** Lets a holding register of a unit hold something. */
  public void holding(int unit, int address, int value) {
    tell("holding", unit, address, range("value", value, 0, 65_535));
  }

  /** How much longer than t3.5 the units take to answer; nothing at first. */
  public void turnaround(Duration time) {
    tell("turnaround", time.toNanos());
  }

  /** Whether the units know function 8, as at first; else they refuse it with exception 1. */
  public void diagnostics(boolean known) {
    tell("diagnostics", known ? 1 : 0);
  }

  /**
   * Lets the units lie.
   *
   * @param chance of each answer to be a lie, 0..1
   * @param lies one of which is chosen by chance; none for the truth
   */
  public void lies(double chance, LineLie... lies) {
    tell(
        "lies",
        share(chance),
        Arrays.stream(lies).map(LineLie::word).collect(Collectors.joining(" ")));
  }

  /**
   * How late the answers of {@link LineLie#LATE} and {@link LineLie#REFUSED_FIRST} come.
   *
   * @param inOrder whether the units do one thing at a time, so that nothing is answered before an
   *     earlier request; else answers overtake each other
   */
  public void lateness(Duration time, boolean inOrder) {
    tell("late", time.toNanos());
    tell("inorder", inOrder ? 1 : 0);
  }

  /**
   * What happens to the bytes that an end sends.
   *
   * @param flipped share of bytes that arrive with a wrong bit, 0..1
   * @param dropped share of bytes that do not arrive, 0..1
   * @param doubled share of bytes that arrive twice, 0..1
   */
  public void faults(LineEnd sender, double flipped, double dropped, double doubled) {
    tell("faults", sender.word(), share(flipped), share(dropped), share(doubled));
  }

  /** Holds back the next frames of an end; those of the far end only, so far. */
  public void delayNext(int frames, Duration time) {
    tell("delay", LineEnd.FAR.word(), time.toNanos(), range("frames", frames, 0, 1_000_000));
  }

  /** Whether the master hears what it sends, as with many two-wire adapters. */
  public void echo(boolean on) {
    tell("echo", on ? 1 : 0);
  }

  /**
   * Keeps back what the master receives as a USB adapter with this latency does: until its timer
   * runs out, or 62 bytes have come. Nothing is kept back at first.
   */
  public void latency(Duration time) {
    tell("latency", time.toNanos());
  }

  /** Lets the faults be the same as in another run with the same seed. */
  public void seed(long seed) {
    tell("seed", seed);
  }

  /**
   * For measurements: never sleeps, so that the line is exact to some microseconds. Takes a whole
   * core as long as the simulator runs.
   */
  public void exact() {
    tell("spin", 1);
  }

  /** Unplugs the port of the master: the terminal goes, and the link with it. */
  public void vanish() {
    tell("vanish");
    try {
      Files.deleteIfExists(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plugs the port in again: the same link, mostly to the terminal of the same name. */
  public void comeBack() {
    link(port, tell("return", "same"));
  }

  /** Plugs the port in again: the same link, to a terminal that has another name than the last. */
  public void comeBackElsewhere() {
    link(port, tell("return", "elsewhere"));
  }

  /**
   * Lets the far end talk by itself: frames that are numbered, from 0 on, as {@link TalkedFrame}
   * describes them.
   *
   * @param period between the beginnings of frames; zero for no pause between them
   * @param count how many frames, as far as 4,000,000 in the life of the line
   */
  public void talk(TalkedFrame frame, Duration period, int count) {
    tell("talk", frame.form(), frame.length(), frame.checksum(), period.toNanos(), count);
  }

  /** Ends what the far end says by itself. */
  public void hush() {
    tell("hush");
  }

  /** Numbers of the frames that a fault has hit: not one of their bytes may be believed. */
  public Set<Integer> hit() {
    return Arrays.stream(tell("hit").split(" "))
        .filter(number -> !number.isEmpty())
        .map(Integer::valueOf)
        .collect(Collectors.toSet());
  }

  /**
   * Lets bytes arrive in steps of a millisecond, and wait where they are not taken: for many or
   * fast lines on which it does not matter when each byte comes.
   */
  public void coarse() {
    tell("coarse", 1);
  }

  /** What the line carried since the last reset. */
  public LineFigures figures() {
    Map<String, Long> numbers = new HashMap<>();
    for (String pair : tell("figures").split(" ")) {
      int equals = pair.indexOf('=');
      numbers.put(pair.substring(0, equals), Long.valueOf(pair.substring(equals + 1)));
    }
    return LineFigures.of(numbers);
  }

  /** Begins to count anew. */
  public void resetFigures() {
    tell("reset");
  }

  /** Ends the simulator; its ports vanish. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      for (Path left : List.of(port, farPort, folder)) {
        Files.deleteIfExists(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void link(Path link, String terminal) {
    try {
      // A link is replaced in one step, as udev does it.
      Path fresh = folder.resolve("fresh");
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, Path.of(terminal));
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int range(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + ": expected " + min + ".." + max + ", found " + value);
    }
    return value;
  }

  private static String share(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: expected 0..1, found " + share);
    }
    return String.format(Locale.ROOT, "%.9f", share);
  }

  private synchronized String tell(Object... words) {
    String command = Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" "));
    try {
      commands.write(command + "\n");
      commands.flush();
      return answer(command);
    } catch (IOException e) {
      throw new UncheckedIOException("the line simulator has ended", e);
    }
  }

  private String answer(String command) throws IOException {
    String line = answers.readLine();
    if (line == null || !line.startsWith("ok")) {
      throw new IOException("the line simulator answers '" + line + "' to '" + command + "'");
    }
    return line.substring(2).trim();
  }
}
