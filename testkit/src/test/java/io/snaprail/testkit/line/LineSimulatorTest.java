package io.snaprail.testkit.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.snaprail.testkit.line.Terminal.Arrival;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the simulator says of itself. Upper limits are wide, as the machine may be busy; what must
 * not come too early is exact.
 */
@Timeout(60)
class LineSimulatorTest {
  /** One character of 11 bits at 9600 baud. */
  private static final double CHARACTER_MS = 11_000.0 / 9600;

  private static final double T35_MS = 3.5 * CHARACTER_MS;

  /** Reads register 100 of unit 1. */
  private static final int[] READ = {1, 3, 0, 100, 0, 1, 0xc5, 0xd5};

  /** The answer: 1000 + 100. */
  private static final int[] ANSWER = {1, 3, 2, 0x04, 0x4c, 0xbb, 0x71};

  private LineSimulator line;
  private Terminal master;

  @BeforeEach
  void start() throws Exception {
    LineSimulator.require();
    line = LineSimulator.start(9600);
    master = new Terminal(line.port());
  }

  @AfterEach
  void stop() {
    if (line != null) {
      line.close();
    }
  }

  @Test
  void bytesTakeTheTimeOfTheBaudRateInBothDirections() throws Exception {
    Terminal far = new Terminal(line.farPort());
    int[] bytes = new int[50];
    Arrays.setAll(bytes, i -> i * 5 & 0xff);

    for (Terminal[] way : new Terminal[][] {{master, far}, {far, master}}) {
      long begin = way[0].write(bytes);
      Arrival[] came = way[1].take(50, 2000);

      assertThat(octets(came)).containsExactly(bytes);
      for (int i = 0; i < came.length; i++) {
        assertThat(ms(came[i].nanoTime() - begin))
            .as("byte %d", i)
            .isGreaterThan((i + 1) * CHARACTER_MS);
      }
      assertThat(ms(came[49].nanoTime() - begin)).isCloseTo(50 * CHARACTER_MS, within(40.0));
    }
    assertThat(line.figures().busy().toNanos() / 1e6).isCloseTo(100 * CHARACTER_MS, within(0.01));
  }

  @Test
  void aCharacterOfTenBitsIsShorter() throws Exception {
    line.baud(1200, 10);
    Terminal far = new Terminal(line.farPort());
    long begin = master.write(1, 2, 3, 4, 5, 6);
    Arrival[] came = far.take(6, 2000);

    assertThat(ms(came[5].nanoTime() - begin)).isGreaterThan(50.0).isCloseTo(50.0, within(40.0));
  }

  /** Modbus over Serial Line V1.02, section 2.5.1.1: at least 3.5 characters between frames. */
  @Test
  void aFrameAfterTooShortASilenceIsCounted() throws Exception {
    Terminal far = new Terminal(line.farPort());
    for (int frame = 0; frame < 2; frame++) {
      master.write(READ);
      assertThat(far.take(8, 2000)).hasSize(8);
      waitMs(2 * T35_MS);
    }
    assertThat(line.figures().frames()).isEqualTo(2);
    assertThat(line.figures().illegalGaps()).isZero();
    assertThat(line.figures().shortestGap().toNanos() / 1e6).isGreaterThan(T35_MS);

    line.baud(300, 11);
    // A machine with other work may wait for longer than it was told: then once more.
    for (int i = 0; i < 10 && line.figures().illegalGaps() != 1; i++) {
      line.resetFigures();
      master.write(READ);
      assertThat(far.take(8, 2000)).hasSize(8);
      // Longer than t1.5 (55 ms), so that it is another frame, and shorter than t3.5 (128 ms).
      waitMs(70);
      master.write(READ);
      far.take(8, 2000);
      waitMs(2 * 128);
    }
    assertThat(line.figures().illegalGaps()).isEqualTo(1);
  }

  @Test
  void aUnitAnswersAfterTheSilenceAndItsTurnaround() throws Exception {
    line.rtuUnits(1);
    for (int turnaround : new int[] {0, 30}) {
      line.turnaround(Duration.ofMillis(turnaround));
      long begin = master.write(READ);
      Arrival[] came = master.take(ANSWER.length, 2000);

      assertThat(octets(came)).containsExactly(ANSWER);
      double first = 8 * CHARACTER_MS + T35_MS + turnaround + CHARACTER_MS;
      assertThat(ms(came[0].nanoTime() - begin))
          .isGreaterThan(first)
          .isCloseTo(first, within(30.0));
    }
  }

  @Test
  void aUnitSpeaksAsciiToo() throws Exception {
    line.asciiUnits(1);
    master.write(":010300640001 97\r\n".replace(" ", "").chars().toArray());
    Arrival[] came = master.take(15, 2000);

    assertThat(new String(octets(came), 0, came.length)).isEqualTo(":010302044CAA\r\n");
  }

  @Test
  void aUnitThatIsMuteDoesNotAnswer() throws Exception {
    line.rtuUnits(1);
    line.mute(1);
    master.write(READ);
    assertThat(master.take(1, 200)).isEmpty();
    line.rtuUnits(1);
    master.write(READ);
    assertThat(master.take(7, 2000)).hasSize(7);
  }

  @Test
  void bytesAreDamagedLostAndDoubledAsOftenAsTold() throws Exception {
    line.baud(921_600, 10);
    Terminal far = new Terminal(line.farPort());
    int[] bytes = new int[2000];

    line.faults(LineEnd.MASTER, 0.1, 0, 0);
    master.write(bytes);
    int flipped = 0;
    for (int octet : octets(far.take(2000, 1000))) {
      assertThat(Integer.bitCount(octet)).isLessThanOrEqualTo(1);
      flipped += Integer.bitCount(octet);
    }
    assertThat(flipped).isBetween(120, 280).isEqualTo((int) line.figures().flipped());

    line.faults(LineEnd.MASTER, 0, 0.1, 0);
    master.write(bytes);
    assertThat(far.take(2001, 300).length)
        .isBetween(1720, 1880)
        .isEqualTo(2000 - (int) line.figures().dropped());

    line.faults(LineEnd.MASTER, 0, 0, 0.1);
    master.write(bytes);
    assertThat(far.take(4000, 300).length)
        .isBetween(2120, 2280)
        .isEqualTo(2000 + (int) line.figures().doubled());
    assertThat(line.figures().overflows()).isZero();
  }

  @Test
  void whatIsSentByBothAtOnceIsGarbled() throws Exception {
    Terminal far = new Terminal(line.farPort());
    master.write(new int[20]);
    far.write(new int[20]);

    assertThat(octets(far.take(20, 1000))).isNotEqualTo(new int[20]);
    assertThat(octets(master.take(20, 1000))).isNotEqualTo(new int[20]);
    assertThat(line.figures().collisions()).isPositive();
  }

  @Test
  void aLateAnswerComesLate() throws Exception {
    line.rtuUnits(1);
    line.lateness(Duration.ofMillis(80), true);
    line.lies(1, LineLie.LATE);
    long begin = master.write(READ);

    Arrival[] came = master.take(7, 2000);
    assertThat(octets(came)).containsExactly(ANSWER);
    assertThat(ms(came[0].nanoTime() - begin)).isGreaterThan(80 + 8 * CHARACTER_MS);
    assertThat(line.figures().lies()).isEqualTo(1);
  }

  @Test
  void theFramesOfAProgramCanBeHeldBackToo() throws Exception {
    Terminal far = new Terminal(line.farPort());
    line.delayNext(1, Duration.ofMillis(60));
    long begin = far.write(1, 2);
    Arrival[] came = master.take(2, 2000);
    assertThat(ms(came[1].nanoTime() - begin)).isGreaterThan(60 + 2 * CHARACTER_MS);
  }

  @Test
  void anEchoGivesTheMasterWhatItSends() throws Exception {
    line.echo(true);
    master.write(7, 8, 9);
    assertThat(octets(master.take(3, 1000))).containsExactly(7, 8, 9);
  }

  /** As FTDI's adapters do with their default of 16 ms. */
  @Test
  void anAdaptersLatencyGathersBytes() throws Exception {
    line.latency(Duration.ofMillis(16));
    Terminal far = new Terminal(line.farPort());
    far.write(new int[60]);

    Arrival[] came = master.take(60, 1000);
    long times = Arrays.stream(came).mapToLong(Arrival::nanoTime).distinct().count();
    assertThat(came).hasSize(60);
    // 68 ms of bytes in steps of 16 ms; without latency it would be nearly 60 times.
    assertThat(times).isBetween(4L, 7L);
  }

  @Test
  void aPortGoesAndComesBackUnderTheSameAndUnderAnotherName() throws Exception {
    Path first = line.port().toRealPath();
    line.vanish();
    assertThat(line.port()).doesNotExist();
    assertThat(Files.exists(line.farPort())).isTrue();
    assertThat(master.gone(2000)).isTrue();

    line.comeBackElsewhere();
    assertThat(line.port().toRealPath()).isNotEqualTo(first);
    line.rtuUnits(1);
    Terminal again = new Terminal(line.port());
    again.write(READ);
    assertThat(again.take(7, 2000)).hasSize(7);
  }

  private static int[] octets(Arrival[] arrivals) {
    return Arrays.stream(arrivals).mapToInt(Arrival::octet).toArray();
  }

  private static double ms(long nanos) {
    return nanos / 1e6;
  }

  /** A silence on the line is what is tested: nothing to wait for but the clock. */
  private static void waitMs(double millis) {
    long end = System.nanoTime() + (long) (millis * 1e6);
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
