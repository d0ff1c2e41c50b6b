package io.snaprail.driver.modbus.internal.codec;

import static io.snaprail.driver.modbus.internal.codec.OnTheLine.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Times. Unix times as GNU date gives them: {@code date -u -d @1234567890} is 2009-02-13 23:31:30;
 * 0x7FFFFFFF is the last second of signed 32 bits, 2038-01-19 03:14:07. TI081 from the field layout
 * that Schneider Electric publishes in its manuals ("Date and time, TI081 format").
 */
class TimesTest {

  @ParameterizedTest
  @CsvSource({
    "unixtime32,'',499602D2,2009-02-13T23:31:30Z",
    "unixtime32,CDAB,02D24996,2009-02-13T23:31:30Z",
    "unixtime32,'',00000000,1970-01-01T00:00:00Z",
    "unixtime32,'',7FFFFFFF,2038-01-19T03:14:07Z",
    "unixtime32,'',80000000,2038-01-19T03:14:08Z",
    "unixtime32,'',FFFFFFFF,2106-02-07T06:28:15Z",
    "unixtime64,'',00000000499602D2,2009-02-13T23:31:30Z",
    "unixtime64(s),GHEFCDAB,02D2499600000000,2009-02-13T23:31:30Z",
    "unixtime64,'',FFFFFFFFFFFFFFFF,1969-12-31T23:59:59Z",
    "unixtime64(ms),'',0000011F71FB0450,2009-02-13T23:31:30.000Z",
    "unixtime64(ms),'',0000011F71FB04CB,2009-02-13T23:31:30.123Z",
    "unixtime64(ms),HGFEDCBA,CB04FB711F010000,2009-02-13T23:31:30.123Z",
    "unixtime64(us),'',000462D53C88D881,2009-02-13T23:31:30.000001Z",
    "datetime(ymdhms),'',07EA000B001500050030001E,2026-11-21T05:48:30Z",
    "datetime(ymdhms),BA,EA070B0015000500300 01E00,2026-11-21T05:48:30Z",
    "'DateTime( ymdhms , UTC )','',07EA000B001500050030001E,2026-11-21T05:48:30Z",
    "'datetime(ymdhms,Europe/Berlin)','',07EA000B001500050030001E,2026-11-21T04:48:30Z",
    "'datetime(ymdhms,Europe/Berlin)','',07EA0007001500050030001E,2026-07-21T03:48:30Z",
    "'datetime(ymdhms,+05:30)','',07EA0007001500050030001E,2026-07-21T00:18:30Z",
    "datetime(ymdhms-bcd),'',20260011002100050048 0030,2026-11-21T05:48:30Z",
    "datetime(ymdhms-packed),'',1A0B1505301E,2026-11-21T05:48:30Z",
    "datetime(ymdhms-packed-bcd),'',261121054830,2026-11-21T05:48:30Z",
    "datetime(ti081),'',001A0B15053075F9,2026-11-21T05:48:30.201Z",
    "datetime(ti081),'',007F0C1F173BEA5F,2127-12-31T23:59:59.999Z",
    "'datetime(ti081,Europe/Berlin)','',001A0715853075F9,2026-07-21T03:48:30.201Z",
  })
  void timesAreReadAndWrittenBitByBit(String type, String order, String line, String time) {
    assertThat(decoded(type, order, line).value(0)).isEqualTo(new Value.Text(time));
    assertThat(Codecs.of(type, order).encode(new Value.Text(time)))
        .containsExactly(words(line.replace(" ", "")));
  }

  /** Years below 100; bits that need not be used: the day of the week, R4 and the byte above. */
  @ParameterizedTest
  @CsvSource({
    "datetime(ymdhms),001A000B001500050030001E,2026-11-21T05:48:30Z",
    "datetime(ymdhms-bcd),002600110021000500480030,2026-11-21T05:48:30Z",
    "datetime(ti081),FF9A0BF5053075F9,2026-11-21T05:48:30.201Z",
    "'datetime(ti081,Europe/Berlin)',001A0715053075F9,2026-07-21T03:48:30.201Z",
  })
  void whatNeedNotBeThereMakesNoDifference(String type, String line, String time) {
    assertThat(decoded(type, "", line).value(0)).isEqualTo(new Value.Text(time));
  }

  @ParameterizedTest
  @CsvSource({
    "datetime(ymdhms),07EA000D001500050030001E,'year 2026, month 13, day 21, 05:48:30, which is"
        + " no'",
    "datetime(ymdhms),07EA0002001D00050030001E,'month 2, day 29, 05:48:30, which is no date'",
    "datetime(ymdhms),000000000000000000000000,'month 0, day 0, 00:00:00, which is no date'",
    "datetime(ymdhms),007E000B001500050030001E,'year 126, month 11'",
    "datetime(ymdhms),07EA000B001500050030003C,'05:48:60, which is no date and time'",
    "datetime(ymdhms),FFFFFFFFFFFFFFFFFFFFFFFF,year 65535",
    "datetime(ymdhms-bcd),202600110021000A00480030,'digits are not all decimal'",
    "datetime(ti081),001A0B1505B075F9,'not valid (bit IV)'",
    "datetime(ti081),001A0B150530EA60,'05:48:60, which is no date'",
    "datetime(ti081),FFFFFFFFFFFFFFFF,'not valid (bit IV)'",
    "datetime(ti081),001A0715853075F9,'says is summer time, and in UTC it is not: is its zone"
        + " right'",
    "'datetime(ti081,Europe/Berlin)',001A0B15853075F9,'summer time, and in Europe/Berlin it is"
        + " not'",
    "unixtime64,7FFFFFFFFFFFFFFF,'no time in the years 1 to 9999'",
    "unixtime64(ms),8000000000000000,'no time in the years 1 to 9999'",
  })
  void whatIsNoTimeIsBad(String type, String line, String reason) {
    RecordingSink sink = decoded(type, "", line);
    assertThat(sink.value(0)).isNull();
    assertThat(sink.reason(0)).startsWith("the device gave ").contains(reason);
  }

  /** Clocks in Berlin leave out 02:00..03:00 on 29 March 2026, and show it twice on 25 October. */
  @Test
  void theHoursThatAClockLeavesOutOrShowsTwiceAreBad() {
    String berlin = "datetime(ymdhms,Europe/Berlin)";

    assertThat(decoded(berlin, "", "07EA0003001D0002001E0000").reason(0))
        .isEqualTo(
            "the device gave 2026-03-29T02:30, which no clock in Europe/Berlin shows, as it is put"
                + " forward then");
    assertThat(decoded(berlin, "", "07EA000A00190002001E0000").reason(0))
        .isEqualTo(
            "the device gave 2026-10-25T02:30, which a clock in Europe/Berlin shows twice, as it is"
                + " put back then");
    assertThat(decoded(berlin, "", "07EA000A00190001003B003B").value(0))
        .isEqualTo(new Value.Text("2026-10-24T23:59:59Z"));
    assertThat(decoded(berlin, "", "07EA000A0019000300000000").value(0))
        .isEqualTo(new Value.Text("2026-10-25T02:00:00Z"));
    // With bit SU it says which of the two it is.
    assertThat(decoded("datetime(ti081,Europe/Berlin)", "", "001A0A19821E0000").value(0))
        .isEqualTo(new Value.Text("2026-10-25T00:30:00.000Z"));
  }

  @Test
  void timesMayComeWithAnyOffsetAndCountsAsNumbers() {
    assertThat(Codecs.of("unixtime32", "").encode(new Value.Text("2009-02-14T00:31:30+01:00")))
        .containsExactly(0x4996, 0x02d2);
    assertThat(Codecs.of("unixtime32", "").encode(new Value.Int(0x499602d2)))
        .containsExactly(0x4996, 0x02d2);
  }

  @ParameterizedTest
  @CsvSource({
    "unixtime32,2009-02-13T23:31:30.5Z",
    "unixtime32,2009-02-13T23:31:30",
    "unixtime32,1969-12-31T23:59:59Z",
    "unixtime32,2106-02-07T06:28:16Z",
    "unixtime64(ms),2009-02-13T23:31:30.0001Z",
    "datetime(ymdhms),yesterday",
    "datetime(ymdhms),1969-12-31T23:59:59Z",
    "datetime(ti081),2128-01-01T00:00:00Z",
    "datetime(ymdhms-packed),1999-12-31T23:59:59Z",
  })
  void whatCannotBeWrittenExactlyIsRefused(String type, String time) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, "").encode(new Value.Text(time)))
        .withMessageContaining(time);
  }

  @Test
  void aCountThatMeansNoneIsBad() {
    assertThat(decoded("unixtime32!0", "", "00000000").reason(0))
        .contains("0, which means that it has no value");
    assertThat(decoded("unixtime32!0xFFFFFFFF", "", "FFFFFFFF").value(0)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "datetime",
        "datetime()",
        "datetime(ymd)",
        "datetime(ymdhms,Europe/Bern)",
        "datetime(ymdhms,)",
        "datetime(ymdhms,+1)",
        "unixtime64(ns)",
        "unixtime32(ms)",
        "unixtime"
      })
  void aTimeNamesItsForm(String type) {
    assertThatIllegalArgumentException().isThrownBy(() -> Codecs.of(type, ""));
  }

  private static RecordingSink decoded(String type, String order, String line) {
    RecordingSink sink = new RecordingSink();
    Codecs.of(type, order).decode(words(line.replace(" ", "")), 0, 0, sink);
    return sink;
  }
}
