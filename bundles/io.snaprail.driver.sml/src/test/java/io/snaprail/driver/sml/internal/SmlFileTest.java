package io.snaprail.driver.sml.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.driver.sml.Telegrams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openmuc.jsml.structures.EMessageBody;
import org.openmuc.jsml.structures.SmlListEntry;
import org.openmuc.jsml.structures.SmlMessage;
import org.openmuc.jsml.structures.responses.SmlGetListRes;
import org.openmuc.jsml.transport.MessageExtractor;

/** Frames and files; clauses are those of SML 1.04. */
class SmlFileTest {
  static Stream<String> names() {
    return Telegrams.all().keySet().stream().sorted();
  }

  private static SmlFile decoded(String name) throws BadFileException {
    return SmlFile.of(Telegrams.file(Telegrams.bytes(name)));
  }

  private static List<String> texts(SmlFile file) {
    return file.entries().stream()
        .map(e -> e.name() + "|" + e.text() + "|" + e.unitText())
        .toList();
  }

  /** Values as libsml gives them. */
  @Test
  void aMeterTellsItsValues() throws Exception {
    SmlFile file = decoded("ITRON_OpenWay-3.HZ");
    assertThat(file.server()).isEqualTo("0A01495452000348F58E");
    assertThat(texts(file))
        .containsExactly(
            "1-0:96.50.1*1|ITR|",
            "1-0:96.1.0*255|0A01495452000348F58E|",
            "1-0:1.8.0*255|8189594.9|Wh",
            "1-0:16.7.0*255|613|W");
    assertThat(file.entries().get(2).status()).isEqualTo(0x1c0104L);
    assertThat(file.entries().get(3).status()).isNull();
  }

  /** Clause 8.3 names CRC-16/X-25, whose check value is 906E. */
  @Test
  void theChecksumHasItsCheckValue() {
    assertThat(Crc.of("123456789".getBytes(StandardCharsets.US_ASCII), 9)).isEqualTo(0x906e);
  }

  /** The same values as jSML, which nobody here wrote, finds. */
  @ParameterizedTest
  @MethodSource("names")
  void jsmlReadsTheSame(String name) throws Exception {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(Telegrams.bytes(name)));
    byte[] file = new MessageExtractor(in, 1_000).getSmlMessage();
    List<SmlListEntry> theirs = new ArrayList<>();
    DataInputStream messages = new DataInputStream(new ByteArrayInputStream(file));
    while (messages.available() > 0) {
      SmlMessage message = new SmlMessage();
      assertThat(message.decode(messages)).isTrue();
      if (message.getMessageBody().getTag() == EMessageBody.GET_LIST_RESPONSE) {
        SmlGetListRes list = message.getMessageBody().getChoice();
        theirs.addAll(List.of(list.getValList().getValListEntry()));
      }
    }

    List<Entry> ours = decoded(name).entries();

    assertThat(ours).hasSameSizeAs(theirs).isNotEmpty();
    for (int i = 0; i < ours.size(); i++) {
      Entry our = ours.get(i);
      SmlListEntry their = theirs.get(i);
      assertThat(our.name()).isEqualTo(Obis.of(their.getObjName().toBytes()));
      assertThat(our.unit()).isEqualTo(their.getUnit().isSelected() ? their.getUnit().getVal() : 0);
      assertThat(our.scaler())
          .isEqualTo(their.getScaler().isSelected() ? their.getScaler().getVal() : 0);
      if (our.value() instanceof Node.Whole whole) {
        assertThat(whole.value().toString()).isEqualTo(their.getValue().getChoice().toString());
      }
    }
  }

  /** Wherever a telegram begins, is cut or is disturbed: none is taken that was not sent. */
  @ParameterizedTest
  @MethodSource("names")
  void afterAnythingTheNextGoodTelegramIsFound(String name) {
    byte[] good = Telegrams.bytes(name);
    byte[] wanted = Telegrams.file(good);
    Random random = new Random(62056);
    for (int round = 0; round < 200; round++) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] damaged = good.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      line.write(good, 0, random.nextInt(good.length));
      line.writeBytes(damaged);
      byte[] noise = new byte[random.nextInt(20)];
      random.nextBytes(noise);
      line.writeBytes(noise);
      line.writeBytes(good);
      line.writeBytes(good);
      Transport transport = new Transport();
      int found = 0;
      for (byte each : line.toByteArray()) {
        byte[] file = transport.take(each);
        if (file != null) {
          assertThat(file).isEqualTo(wanted);
          found++;
        }
      }
      assertThat(found).as("round " + round).isBetween(1, 3);
    }
  }

  private static byte[] framed(String hex, int filling) {
    byte[] content = HexFormat.of().parseHex("1b1b1b1b01010101" + hex + "1b1b1b1b1a0" + filling);
    int sum = Crc.of(content, content.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(content);
    all.write(sum);
    all.write(sum >> 8);
    return all.toByteArray();
  }

  /** Clause 8.1: the sequence within the data is doubled. */
  @Test
  void anEscapeSequenceWithinTheDataStandsOnce() {
    assertThat(Telegrams.file(framed("aa1b1b1b1b1b1b1b1bbb0000", 2)))
        .isEqualTo(HexFormat.of().parseHex("aa1b1b1b1bbb"));
  }

  @Test
  void aFileIsRefusedWithItsReason() {
    Transport transport = new Transport();
    for (byte each : framed("aabbccdd", 7)) {
      assertThat(transport.take(each)).isNull();
    }
    assertThat(transport.fault()).contains("filling");
    for (byte each : HexFormat.of().parseHex("1b1b1b1b01010101aa".repeat(2))) {
      assertThat(transport.take(each)).isNull();
    }
    assertThat(transport.fault()).contains("within another");
    for (int i = 0; i < 2 * Transport.LONGEST; i++) {
      assertThat(transport.take((byte) 0x55)).isNull();
    }
    assertThat(transport.fault()).contains("at most");
    assertThat(transport.bad()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "76",
        "7f",
        "ff0f",
        "8f8f8f8f8f01",
        "0f11",
        "5a000000000000000000",
        "4300",
        "31",
        "7262010701",
        "74010101720262010701",
        "717171717171717171717171717171717171717101"
      })
  void aFileThatIsNoneIsRefused(String hex) {
    assertThatThrownBy(() -> SmlFile.of(HexFormat.of().parseHex(hex)))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void obisCodesAreWrittenInThreeForms() {
    Obis energy = Obis.of(new byte[] {1, 0, 1, 8, 0, (byte) 255});
    for (String form : List.of("1-0:1.8.0*255", "1-0:1.8.0", "1.8.0", "1.8.0*255")) {
      assertThat(Obis.parse(form).fits(energy)).as(form).isTrue();
    }
    for (String form : List.of("1-1:1.8.0", "2-0:1.8.0", "1.8.1", "1.8.0*0", "2.8.0", "1.7.0")) {
      assertThat(Obis.parse(form).fits(energy)).as(form).isFalse();
    }
    for (String form : List.of("", "1.8", "1.8.256", "a.b.c", "1:1.8.0", "1.8.0*")) {
      assertThatThrownBy(() -> Obis.parse(form)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
