package io.snaprail.driver.serial.internal.sensor;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of a serial sensor, beside those of its line and those that every device has. */
public @interface SensorConfig {
  /** Who talks first. */
  @AttributeDefinition(
      name = "Mode",
      options = {
        @Option(label = "listen: it sends by itself", value = "listen"),
        @Option(label = "ask: it answers requests", value = "ask")
      })
  String mode() default "listen";

  /** Kind of frame. */
  @AttributeDefinition(
      name = "Frame",
      description = "How frames begin and end.",
      options = {
        @Option(label = "ends with a delimiter, such as a line", value = "delimiter"),
        @Option(label = "between a start and an end mark", value = "start-end"),
        @Option(label = "fixed length", value = "fixed"),
        @Option(label = "a field tells the length", value = "length"),
        @Option(label = "ends with a silence", value = "silence"),
        @Option(label = "what a regular expression matches", value = "pattern")
      })
  String frame() default "delimiter";

  /** Start mark. */
  @AttributeDefinition(
      name = "Start mark",
      description = "Up to 16 bytes, such as $, \\x02 or <STX>; may be empty.",
      required = false)
  String frame_start() default "";

  /** End mark. */
  @AttributeDefinition(
      name = "End mark or delimiter",
      description = "Up to 16 bytes; of delimiters several with | between them: \\r\\n|\\r|\\n.")
  String frame_end() default "\\r\\n|\\r|\\n";

  /** Escape. */
  @AttributeDefinition(
      name = "Escape",
      description = "One byte before what looks like a mark, such as <DLE>; may be empty.",
      required = false)
  String frame_escape() default "";

  /** What an escape does. */
  @AttributeDefinition(
      name = "Escaped bytes are combined with",
      description = "0..255; 0 for none, 32 as in HDLC.",
      min = "0",
      max = "255")
  int frame_escape_xor() default 0;

  /** What escaped bytes stand for. */
  @AttributeDefinition(
      name = "Escaped bytes stand for",
      description =
          "Pairs of bytes: what stands behind the escape, and what it means; for SLIP"
              + " \\xDC\\xC0\\xDD\\xDB. Empty: bytes stand for themselves, or are combined as"
              + " above.",
      required = false)
  String frame_escape_codes() default "";

  /** Bytes behind the end mark. */
  @AttributeDefinition(
      name = "Bytes behind the end mark",
      description = "0..16, such as a checksum.",
      min = "0",
      max = "16")
  int frame_trailer() default 0;

  /** Fixed length. */
  @AttributeDefinition(
      name = "Fixed length",
      description = "Of the whole frame, marks included.",
      min = "0",
      max = "65536")
  int frame_length() default 0;

  /** Place of the length field. */
  @AttributeDefinition(
      name = "Length field: place",
      description = "Of its first byte, from 0, start mark included.",
      min = "0",
      max = "65535")
  int frame_length_offset() default 1;

  /** Width of the length field. */
  @AttributeDefinition(
      name = "Length field: width",
      options = {
        @Option(label = "1 byte", value = "1"),
        @Option(label = "2 bytes", value = "2"),
        @Option(label = "4 bytes", value = "4")
      })
  int frame_length_width() default 1;

  /** Order of the length field. */
  @AttributeDefinition(
      name = "Length field: order",
      options = {
        @Option(label = "most significant byte first", value = "big"),
        @Option(label = "least significant byte first", value = "little")
      })
  String frame_length_order() default "big";

  /** Bits of the length field. */
  @AttributeDefinition(
      name = "Length field: bits that count",
      description =
          "Hexadecimal, such as 03FF where the upper six bits are flags; the lowest of them counts"
              + " one byte. Empty: all.",
      required = false)
  String frame_length_mask() default "";

  /** What the length field leaves out. */
  @AttributeDefinition(
      name = "Length field: adjustment",
      description = "Length of the whole frame less what the field says.",
      min = "-65536",
      max = "65536")
  int frame_length_adjust() default 0;

  /** Pattern of a frame. */
  @AttributeDefinition(
      name = "Frame pattern",
      description = "Regular expression that matches a whole frame.",
      required = false)
  String frame_pattern() default "";

  /** Longest frame. */
  @AttributeDefinition(
      name = "Longest frame",
      description = "In bytes, 32..65536.",
      min = "32",
      max = "65536")
  int frame_max() default 1024;

  /** Which frames are this device's. */
  @AttributeDefinition(
      name = "Frames of this device",
      description =
          "Regular expression that the content must match, where several talk on one line;"
              + " ${unit} stands for the address. Empty for all.",
      required = false)
  String frame_if() default "";

  /** Silence. */
  @AttributeDefinition(
      name = "Silence (ms)",
      description =
          "What counts as the end of a frame where silence ends it. 0: 50, or 5 characters where"
              + " that is more.",
      min = "0",
      max = "60000")
  int silence_ms() default 0;

  /** Patience with a frame that has begun. */
  @AttributeDefinition(
      name = "Incomplete after (ms)",
      description = "Pause after which a frame that has begun is given up. 0: five silences.",
      min = "0",
      max = "60000")
  int partial_ms() default 0;

  /** Checksum. */
  @AttributeDefinition(
      name = "Checksum",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "XOR (NMEA, BCC)", value = "xor"),
        @Option(label = "sum of 8 bits", value = "sum8"),
        @Option(label = "sum of 16 bits", value = "sum16"),
        @Option(label = "LRC", value = "lrc"),
        @Option(label = "LRC of 7 bits (Mettler Toledo)", value = "lrc7"),
        @Option(label = "CRC-8", value = "crc8"),
        @Option(label = "CRC-8 Maxim (1-Wire)", value = "crc8-maxim"),
        @Option(label = "CRC-8 NRSC-5 (Sensirion)", value = "crc8-nrsc5"),
        @Option(label = "CRC-16 Modbus", value = "crc16-modbus"),
        @Option(label = "CRC-16 ARC", value = "crc16-arc"),
        @Option(label = "CRC-16 CCITT (FFFF)", value = "crc16-ccitt"),
        @Option(label = "CRC-16 XMODEM", value = "crc16-xmodem"),
        @Option(label = "CRC-16 Kermit", value = "crc16-kermit"),
        @Option(label = "CRC-16 X.25", value = "crc16-x25"),
        @Option(label = "CRC-16 DNP", value = "crc16-dnp"),
        @Option(label = "CRC-16 EN 13757", value = "crc16-en13757"),
        @Option(label = "CRC-32", value = "crc32"),
        @Option(label = "CRC-32C", value = "crc32c"),
        @Option(label = "CRC-32 MPEG-2", value = "crc32-mpeg2")
      })
  String checksum() default "none";

  /** Another start value. */
  @AttributeDefinition(
      name = "Checksum starts with",
      description = "Hexadecimal, where the device begins with another value; empty: as usual.",
      required = false)
  String checksum_init() default "";

  /** Another last step. */
  @AttributeDefinition(
      name = "Checksum is combined with",
      description =
          "Hexadecimal: what the result is combined with (exclusive or), such as FF for an inverted"
              + " sum; empty: as usual.",
      required = false)
  String checksum_xor() default "";

  /** First byte under the checksum. */
  @AttributeDefinition(
      name = "Checksum from",
      description = "First byte it is taken over, from 0; negative from the end of the frame.")
  int checksum_from() default 0;

  /** Last byte under the checksum. */
  @AttributeDefinition(
      name = "Checksum to",
      description = "Behind the last byte it is taken over; 0: up to the checksum itself.")
  int checksum_to() default 0;

  /** Place of the checksum. */
  @AttributeDefinition(
      name = "Checksum at",
      description =
          "Its own first byte; negative from the end of the frame: -2 is the last but one.")
  int checksum_at() default -1;

  /** Form of the checksum. */
  @AttributeDefinition(
      name = "Checksum form",
      options = {
        @Option(label = "bytes, most significant first", value = "big"),
        @Option(label = "bytes, least significant first", value = "little"),
        @Option(label = "hexadecimal digits, capital when sent", value = "hex"),
        @Option(label = "hexadecimal digits, small when sent", value = "hex-lower"),
        @Option(label = "hexadecimal digits, least significant byte first", value = "hex-little"),
        @Option(label = "decimal digits", value = "decimal"),
        @Option(label = "half bytes as characters from 0 to ?", value = "nibbles")
      })
  String checksum_form() default "big";

  /** Address on the line. */
  @AttributeDefinition(
      name = "Unit",
      description = "Address of the device on its line, as ${unit} puts it into requests.",
      required = false)
  String unit() default "";

  /** Request. */
  @AttributeDefinition(
      name = "Request",
      description =
          "In mode ask: what is sent to get a frame, with ${unit} and ${checksum}; empty when every"
              + " point has a request of its own (ask).",
      required = false)
  String request() default "";

  /** Echo of the device. */
  @AttributeDefinition(
      name = "Device repeats the request",
      description = "The answer begins with the request, which is checked and taken off.")
  boolean request_echo() default false;

  /** Time for an answer. */
  @AttributeDefinition(
      name = "Answer timeout (ms)",
      description = "10..60000, of one request.",
      min = "10",
      max = "60000")
  int request_timeout_ms() default 500;

  /** Retries. */
  @AttributeDefinition(
      name = "Retries",
      description = "Further requests when no good answer came, 0..5. Commands are never repeated.",
      min = "0",
      max = "5")
  int retries() default 1;

  /** Pause between requests. */
  @AttributeDefinition(
      name = "Pause before a request (ms)",
      description = "0..10000.",
      min = "0",
      max = "10000")
  int pause_ms() default 0;

  /** Wake-up. */
  @AttributeDefinition(
      name = "Wake-up",
      description = "What is sent before a request, for devices that sleep; empty for none.",
      required = false)
  String wake() default "";

  /** Pause behind the wake-up. */
  @AttributeDefinition(
      name = "Pause behind the wake-up (ms)",
      description = "0..10000.",
      min = "0",
      max = "10000")
  int wake_pause_ms() default 100;

  /** Opening sequence. */
  @AttributeDefinition(
      name = "Opening sequence",
      description = "Sent one after another when the port was opened.",
      required = false)
  String[] init() default {};

  /** Pause behind each of the opening sequence. */
  @AttributeDefinition(
      name = "Pause behind each (ms)",
      description = "0..2000; what comes meanwhile is dropped.",
      min = "0",
      max = "2000")
  int init_pause_ms() default 100;

  /** Answer to a command. */
  @AttributeDefinition(
      name = "Confirmation",
      description =
          "Regular expression that the answer to a command (set) must match; empty: commands are"
              + " not answered.",
      required = false)
  String confirm() default "";

  /** Separators. */
  @AttributeDefinition(
      name = "Separators",
      description = "Characters, any of which ends a column or a pair.")
  String separators() default ",;\\t";

  /** Signs between key and value. */
  @AttributeDefinition(
      name = "Signs between key and value",
      description = "Characters, any of which stands there.")
  String assigns() default "=:";

  /** Decimal comma. */
  @AttributeDefinition(name = "Decimal comma", description = "Numbers are written as 1,5.")
  boolean decimal_comma() default false;

  /** Pattern with groups. */
  @AttributeDefinition(
      name = "Pattern",
      description = "Regular expression with named groups such as (?<weight>[0-9.]+).",
      required = false)
  String pattern() default "";

  /** Age. */
  @AttributeDefinition(
      name = "Stale after (ms)",
      description =
          "Age after which a value that the device sent by itself is bad, 100..86400000; 0: never.",
      min = "0",
      max = "86400000")
  int stale_ms() default 10_000;
}
