package io.snaprail.driver.serial.internal.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.driver.serial.internal.checksum.Algorithm;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.checksum.Checksum.Form;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FrameScannerTest {
  private static final byte[] NONE = {};

  private static byte[] bytes(String text) {
    return Escapes.bytes("test", text);
  }

  private static FrameShape lines() {
    return new DelimitedShape(NONE, List.of(bytes("\\r\\n")), Escape.NO);
  }

  private static Duration ms(long ms) {
    return Duration.ofMillis(ms);
  }

  @Nested
  class Lines {
    @Test
    void areFoundHoweverTheyAreCut() {
      byte[] all = bytes("21.5\\r\\n-3\\r\\n0\\r\\n");
      for (int cut = 1; cut < all.length; cut++) {
        Scans scans = new Scans(lines());
        scans.say(all, 0, cut).later(ms(1)).say(all, cut, all.length);
        assertThat(scans.frames).containsExactly("21.5", "-3", "0");
        assertThat(scans.bad).isEmpty();
        assertThat(scans.skipped).isZero();
      }
    }

    @Test
    void aPartialLineIsNeverTakenForOneAndNeitherIsItsRest() {
      Scans scans = new Scans(lines()).say("12.3").wait(ms(250)).say("4\\r\\n5\\r\\n");
      assertThat(scans.frames).containsExactly("5");
      assertThat(scans.bad).containsExactly("incomplete: 4 bytes, and then nothing");
      assertThat(scans.skipped).isEqualTo(4 + 3);
    }

    @Test
    void thePartialLineIsGivenUpEvenWhenNobodyLookedAtTheClock() {
      Scans scans = new Scans(lines()).say("12.3").later(ms(250)).say("4\\r\\n5\\r\\n");
      assertThat(scans.frames).containsExactly("5");
    }

    @Test
    void aPauseShorterThanTheLimitDoesNotCutALine() {
      Scans scans = new Scans(lines()).say("12.3").wait(ms(199)).say("4\\r\\n");
      assertThat(scans.frames).containsExactly("12.34");
    }

    @Test
    void noiseLongAgoDoesNotSpoilALine() {
      Scans scans = new Scans(lines()).say("\\x80").wait(ms(250)).wait(ms(1000)).say("1\\r\\n");
      assertThat(scans.frames).containsExactly("1");
    }

    @Test
    void whoBeginsToListenInTheMiddleDropsTheRestOfTheLine() {
      Scans scans = new Scans(lines()).unsynced().say("34\\r\\n5\\r\\n");
      assertThat(scans.frames).containsExactly("5");
      assertThat(scans.bad).isEmpty();
    }

    @Test
    void whoBeginsToListenInASilenceLosesNothing() {
      Scans scans = new Scans(lines()).unsynced().later(ms(60)).say("34\\r\\n");
      assertThat(scans.frames).containsExactly("34");
    }

    @Test
    void emptyLinesAreNoFrames() {
      FrameShape any = new DelimitedShape(NONE, List.of(bytes("\\r"), bytes("\\n")), Escape.NO);
      Scans scans = new Scans(any).say("1\\r\\n2\\n\\n3\\r");
      assertThat(scans.frames).containsExactly("1", "2", "3");
      assertThat(scans.bad).isEmpty();
    }

    @Test
    void theLongestDelimiterCounts() {
      FrameShape any = new DelimitedShape(NONE, List.of(bytes("\\r"), bytes("\\r\\n")), Escape.NO);
      Scans scans = new Scans(any).say("1\\r").say("\\n2\\r");
      assertThat(scans.frames).containsExactly("1");
      assertThat(scans.wait(ms(60)).frames).containsExactly("1", "2");
    }

    @Test
    void aLineWithoutEndIsDroppedWithItsRest() {
      Scans scans = new Scans(lines());
      for (int i = 0; i < 40; i++) {
        scans.say("0123456789");
      }
      scans.say("9\\r\\n7\\r\\n");
      assertThat(scans.frames).containsExactly("7");
      assertThat(scans.bad).containsExactly("no end within 64 bytes");
      assertThat(scans.skipped).isEqualTo(403);
    }

    @Test
    void ofGarbageOfAnyLengthTheNextLineIsFound() {
      for (int length = 1; length < 300; length++) {
        Scans scans = new Scans(lines()).say("?".repeat(length)).say("\\r\\n7\\r\\n");
        assertThat(scans.frames).as("behind %d bytes", length).endsWith("7");
      }
    }

    @Test
    void manyLinesWithoutStartMarkAreAllSkipped() {
      FrameShape nmea = new DelimitedShape(bytes("$"), List.of(bytes("\\n")), Escape.NO);
      Scans scans = new Scans(nmea, null, 65_536).say("\\n".repeat(65_000)).say("$A\\n");
      assertThat(scans.frames).containsExactly("A");
    }

    @Test
    void aDelimiterBehindAnEscapeEndsNothing() {
      FrameShape shape =
          new DelimitedShape(NONE, List.of(bytes("<ETX>")), new Escape(0x10, 0, Map.of()));
      Scans scans = new Scans(shape).say("a<DLE><ETX>b<DLE><DLE><ETX>c<ETX>");
      assertThat(scans.frames).containsExactly("a\\x03b\\x10", "c");
    }

    @Test
    void withAStartMarkTheLastOneBeforeTheDelimiterCounts() {
      FrameShape nmea = new DelimitedShape(bytes("$"), List.of(bytes("\\r\\n")), Escape.NO);
      Scans scans = new Scans(nmea).unsynced().say("43*11\\r\\nx$GPGG$GPRMC,1\\r\\n$A\\r\\n");
      assertThat(scans.frames).containsExactly("GPRMC,1", "A");
      assertThat(scans.skipped).isEqualTo(7 + 1 + 5);
    }
  }

  /** A gateway that was busy finds the bytes of a long time together: it has heard no silence. */
  @Nested
  class WhenTheGatewayWasBusy {
    @Test
    void aFrameIsStillOne() {
      Scans scans = new Scans(lines()).say("12.3").busy(ms(900)).say("4\\r\\n");
      assertThat(scans.frames).containsExactly("12.34");
      assertThat(scans.bad).isEmpty();
    }

    @Test
    void aPartIsNotTakenForWhatSilenceEnds() {
      Scans scans = new Scans(new SilenceShape()).say("12.3").busy(ms(90)).say("4");
      assertThat(scans.wait(ms(60)).frames).isEmpty();
      assertThat(scans.bad)
          .containsExactly("the line was not read for 90 ms: the gateway was busy");
      assertThat(scans.say("7").wait(ms(60)).frames).containsExactly("7");
    }
  }

  @Nested
  class Marked {
    private final FrameShape stxEtx = new MarkedShape(bytes("<STX>"), bytes("<ETX>"), Escape.NO, 0);

    @Test
    void standBetweenTheirMarks() {
      Scans scans = new Scans(stxEtx).say("..<STX>12<ETX>?<STX>0<ETX>");
      assertThat(scans.frames).containsExactly("12", "0");
      assertThat(scans.skipped).isEqualTo(3);
    }

    @Test
    void anotherStartBeginsThemAnew() {
      assertThat(new Scans(stxEtx).say("<STX>1<STX>2<ETX>").frames).containsExactly("2");
    }

    @Test
    void whatIsEscapedIsNoMark() {
      FrameShape dle =
          new MarkedShape(bytes("<STX>"), bytes("<ETX>"), new Escape(0x10, 0, Map.of()), 0);
      Scans scans = new Scans(dle).say("<STX>a<DLE><ETX>b<DLE><DLE>c<ETX>");
      assertThat(scans.frames).containsExactly("a\\x03b\\x10c");
    }

    @Test
    void marksMayBeginWithTheEscape() {
      // DLE STX ... DLE ETX, with DLE doubled in between.
      FrameShape dle =
          new MarkedShape(
              bytes("<DLE><STX>"), bytes("<DLE><ETX>"), new Escape(0x10, 0, Map.of()), 0);
      Scans scans = new Scans(dle).say("<DLE><STX>a<DLE><DLE><ETX>b<DLE><ETX>");
      assertThat(scans.frames).containsExactly("a\\x10\\x03b");
    }

    /** ISO/IEC 13239 (HDLC), 4.3.2: a flag at either end, 0x7D and the octet with bit 5 turned. */
    @Test
    void bothMarksMayBeTheSame() {
      FrameShape hdlc =
          new MarkedShape(bytes("~"), bytes("~"), new Escape(0x7d, 0x20, Map.of()), 0);
      Scans scans = new Scans(hdlc).say("~~a}^b~~}]c~");
      assertThat(scans.frames).containsExactly("a~b", "}c");
    }

    @Test
    void oneFlagMayEndAFrameAndBeginTheNext() {
      FrameShape hdlc =
          new MarkedShape(bytes("~"), bytes("~"), new Escape(0x7d, 0x20, Map.of()), 0);
      Scans scans = new Scans(hdlc).say("~a~b~~c~").wait(ms(250)).say("~~~d~");
      assertThat(scans.frames).containsExactly("a", "b", "c", "d");
      assertThat(scans.bad).isEmpty();
      assertThat(scans.skipped).isZero();
    }

    /** ISO/IEC 13239, 4.5.2.1: an escape before a flag aborts the frame. */
    @Test
    void aFlagIsNeverEscaped() {
      FrameShape hdlc =
          new MarkedShape(bytes("~"), bytes("~"), new Escape(0x7d, 0x20, Map.of()), 0);
      Scans scans = new Scans(hdlc).say("~ab}~cd~");
      assertThat(scans.frames).containsExactly("cd");
      assertThat(scans.bad).containsExactly("an escape byte with nothing it can mean behind it");
    }

    /** RFC 1055: END is 0xC0; ESC is 0xDB, before 0xDC for END and before 0xDD for ESC. */
    @Test
    void slipHasItsOwnCodes() {
      Escape slip = new Escape(0xdb, 0, Map.of(0xdc, 0xc0, 0xdd, 0xdb));
      String frames = "1\\xdb\\xdc2\\xdb\\xdd3\\xc0\\xc04\\xdb5\\xc06\\xc0";
      FrameShape ended = new DelimitedShape(NONE, List.of(bytes("\\xc0")), slip);
      Scans scans = new Scans(ended).say(frames);
      assertThat(scans.frames).containsExactly("1\\xC02\\xDB3", "6");
      assertThat(scans.bad).hasSize(1);
      FrameShape between = new MarkedShape(bytes("\\xc0"), bytes("\\xc0"), slip, 0);
      scans = new Scans(between).say("\\xc0" + frames);
      assertThat(scans.frames).containsExactly("1\\xC02\\xDB3", "6");
    }

    @Test
    void bytesBehindTheEndMarkBelongToThem() {
      FrameShape bcc = new MarkedShape(bytes("<STX>"), bytes("<ETX>"), Escape.NO, 1);
      Checksum checksum = new Checksum(Algorithm.XOR, 1, -1, -1, Form.BIG);
      // '1' ^ '2' ^ ETX is 0: the checksum may look like anything.
      Scans scans = new Scans(bcc, checksum, 64).say("<STX>12<ETX>").say("\\x00<STX>12<ETX>\\x02");
      assertThat(scans.frames).containsExactly("12");
      assertThat(scans.bad).containsExactly("checksum 02, expected 00");
    }

    @Test
    void aLostEndIsNotWaitedForForEver() {
      Scans scans = new Scans(stxEtx).say("<STX>12").wait(ms(250)).say("<ETX><STX>3<ETX>");
      assertThat(scans.frames).containsExactly("3");
      assertThat(scans.bad).hasSize(1);
    }
  }

  @Nested
  class Sized {
    /** EN 13757-2 (M-Bus), 5.5.3: 68 L L 68 ... CS 16; the frame is 6 bytes longer than L says. */
    private final FrameShape mbus =
        new SizedShape(bytes("h"), bytes("\\x16"), new SizedShape.Field(1, 1, false, 0, 6, 250));

    private final Checksum sum = new Checksum(Algorithm.SUM8, 4, -2, -2, Form.BIG);

    @Test
    void areAsLongAsTheirFieldSays() {
      Scans scans = new Scans(mbus, sum, 250).say("h\\x03\\x03h\\x08\\x01\\x72\\x7b\\x16");
      assertThat(scans.frames).containsExactly("\\x03\\x03h\\x08\\x01r{");
    }

    @Test
    void garbageThatLooksLikeAStartDoesNotHideTheNextFrame() {
      // 'h' and 200: a frame of 206 bytes that never comes; in it the good one.
      Scans scans = new Scans(mbus, sum, 250).say("h\\xc8h\\x03\\x03h\\x08\\x01\\x72\\x7b\\x16");
      assertThat(scans.frames).isEmpty();
      assertThat(scans.wait(ms(250)).frames).hasSize(1);
    }

    @Test
    void aWrongChecksumLetsTheNextFrameInsideBeFound() {
      Scans scans = new Scans(mbus, sum, 250);
      scans.say("h\\x08\\x08h" + "h\\x03\\x03h\\x08\\x01\\x72\\x7b\\x16" + "\\x16");
      assertThat(scans.bad).hasSize(1);
      assertThat(scans.wait(ms(250)).frames).hasSize(1);
    }

    @Test
    void theFieldHasBothByteOrders() {
      FrameShape little =
          new SizedShape(bytes("#"), NONE, new SizedShape.Field(1, 2, true, 0, 3, 64));
      FrameShape big =
          new SizedShape(bytes("#"), NONE, new SizedShape.Field(1, 2, false, 0, 3, 64));
      assertThat(new Scans(little).say("#\\x02\\x00ab#\\x01\\x00c").frames)
          .containsExactly("\\x02\\x00ab", "\\x01\\x00c");
      assertThat(new Scans(big).say("#\\x00\\x02ab#\\x00\\x01c").frames)
          .containsExactly("\\x00\\x02ab", "\\x00\\x01c");
    }

    @Test
    void lengthsThatMakeNoSenseAreTold() {
      FrameShape shape =
          new SizedShape(bytes("#"), NONE, new SizedShape.Field(1, 4, false, 0, 0, 64));
      Scans scans = new Scans(shape).say("#\\xff\\xff\\xff\\xff#\\x00\\x00\\x00\\x00");
      assertThat(scans.frames).isEmpty();
      assertThat(scans.bad)
          .containsExactly("length 2147483647, expected 5..64", "length 0, expected 5..64");
    }

    @Test
    void withoutMarkOrChecksumASilenceMustComeFirst() {
      FrameShape fixed = new SizedShape(NONE, NONE, SizedShape.fixed(4));
      Scans scans = new Scans(fixed).unsynced().say("cd").say("1234").wait(ms(60)).say("5678");
      assertThat(scans.frames).containsExactly("5678");
      scans.say("90").wait(ms(250)).say("abcd");
      assertThat(scans.frames).containsExactly("5678", "abcd");
    }

    @Test
    void flagsInTheFieldDoNotCount() {
      // The upper six bits are flags, the lower ten the length.
      FrameShape shape =
          new SizedShape(bytes("#"), NONE, new SizedShape.Field(1, 2, false, 0x03ff, 3, 64));
      assertThat(new Scans(shape).say("#\\x84\\x02ab#\\x00\\x01c").frames)
          .containsExactly("\\x84\\x02ab", "\\x00\\x01c");
      FrameShape upper =
          new SizedShape(bytes("#"), NONE, new SizedShape.Field(1, 1, false, 0xf0, 2, 64));
      assertThat(new Scans(upper).say("#\\x2fab").frames).containsExactly("/ab");
    }

    @Test
    void whoBeginsToListenInAStreamWithoutPausesFindsThemByTheChecksum() {
      FrameShape fixed = new SizedShape(NONE, NONE, SizedShape.fixed(11));
      Checksum crc = new Checksum(Algorithm.CRC16_CCITT, 0, 0, -2, Form.BIG);
      String frame = "123456789\\x29\\xb1";
      Scans scans = new Scans(fixed, crc, 64).unsynced().say("89\\x29\\xb1" + frame + frame);
      assertThat(scans.frames).hasSize(2);
      assertThat(scans.bad).isEmpty();
    }

    /** The sum of five zeros is zero: of garbage, one place in 256 looks like a frame. */
    @Test
    void whatLooksLikeAFrameInGarbageIsNoneUnlessAnotherFollows() {
      FrameShape fixed = new SizedShape(NONE, NONE, SizedShape.fixed(6));
      Checksum sum = new Checksum(Algorithm.SUM8, 0, 0, -1, Form.BIG);
      Scans scans = new Scans(fixed, sum, 64).unsynced();
      scans.say("ab\\0\\0\\0\\0\\0\\0cdefgh").wait(ms(250));
      assertThat(scans.frames).isEmpty();
      scans.say("*\\0\\0\\0\\0\\0\\0ab").wait(ms(250));
      assertThat(scans.frames).isEmpty();
      scans.say("\\x01\\x02\\0\\0\\0\\x03");
      assertThat(scans.frames).containsExactly("\\x01\\x02\\x00\\x00\\x00\\x03");
    }

    @Test
    void withAChecksumOnlyTheyAreFoundInAnyStream() {
      FrameShape fixed = new SizedShape(NONE, NONE, SizedShape.fixed(11));
      Checksum crc = new Checksum(Algorithm.CRC16_CCITT, 0, 0, -2, Form.BIG);
      String frame = "123456789\\x29\\xb1";
      Scans scans = new Scans(fixed, crc, 64).say("?????" + frame + frame + "?" + frame);
      assertThat(scans.frames).hasSize(2);
      // Whether the last one is a frame is known when silence follows.
      assertThat(scans.wait(ms(50)).frames).hasSize(3);
      assertThat(scans.skipped).isEqualTo(6);
      assertThat(scans.bad).hasSize(2);
    }
  }

  @Nested
  class BySilence {
    @Test
    void aSilenceEndsThem() {
      Scans scans = new Scans(new SilenceShape()).say("ab").wait(ms(20)).say("c").wait(ms(50));
      assertThat(scans.frames).containsExactly("abc");
      assertThat(scans.say("d").later(ms(70)).say("e").frames).containsExactly("abc", "d");
    }

    @Test
    void whoBeginsToListenInTheMiddleDropsTheRest() {
      Scans scans = new Scans(new SilenceShape()).unsynced().say("ab").wait(ms(60)).say("c");
      assertThat(scans.wait(ms(60)).frames).containsExactly("c");
    }
  }

  @Nested
  class ByPattern {
    private final FrameShape weights =
        new PatternShape(Pattern.compile("[+-][0-9]{1,6}(\\.[0-9]{1,3})? ?kg", Pattern.DOTALL));

    @Test
    void areFoundAmongAnything() {
      Scans scans = new Scans(weights).say("ST,GS,+ 1 +12.5kg\\r\\n").say("-0 k").say("g;+7kg!");
      assertThat(scans.frames).containsExactly("+12.5kg", "-0 kg", "+7kg");
    }

    @Test
    void whatMayGoOnIsWaitedForUntilASilence() {
      FrameShape number = new PatternShape(Pattern.compile("[0-9]+"));
      Scans scans = new Scans(number).say("12").say("34");
      assertThat(scans.frames).isEmpty();
      assertThat(scans.wait(ms(60)).frames).containsExactly("1234");
    }

    @Test
    void anExpressionThatRunsAwayIsToldAndNotWaitedFor() {
      FrameShape evil = new PatternShape(Pattern.compile("(a|a?)+b"));
      Scans scans = new Scans(evil, null, 4096);
      assertThatThrownBy(() -> scans.say("a".repeat(4000)))
          .isInstanceOf(BoundedText.RunawayPatternException.class)
          .hasMessageStartingWith("frame.pattern: the regular expression does not come to an end");
    }

    @Test
    void garbageWithoutAnyFrameIsForgotten() {
      Scans scans = new Scans(weights);
      for (int i = 0; i < 100; i++) {
        scans.say("????????????????");
      }
      assertThat(scans.say("+7kg").frames).containsExactly("+7kg");
      assertThat(scans.wait(ms(250)).skipped).isEqualTo(1600);
      assertThat(scans.bad).isEmpty();
    }
  }
}
