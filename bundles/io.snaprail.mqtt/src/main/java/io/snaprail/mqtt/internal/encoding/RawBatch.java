package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples that wait in the spool until their times are known, in a form of their own.
 *
 * @param boot the gateway's boot id when they were taken
 * @param offset what the clock showed more than the monotonic time then, in ns
 * @param batch with the times of that clock
 */
record RawBatch(String boot, long offset, SampleBatch batch) {
  // No text begins with a zero, nor does a message of Protocol Buffers.
  private static final byte[] MAGIC = {0, 'S', 'R', 1};
  private static final int MAX_TEXT = 1 << 20;

  /** Whether a payload is such a batch. */
  static boolean is(byte[] payload) {
    return payload.length > MAGIC.length
        && Arrays.equals(payload, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(MAGIC);
      text(out, boot);
      out.writeLong(offset);
      text(out, batch.device());
      out.writeLong(batch.sequence());
      time(out, batch.receiveTime());
      out.writeInt(batch.samples().size());
      for (Sample sample : batch.samples()) {
        write(out, sample);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("into memory, which does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none
   */
  static RawBatch parse(byte[] payload) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      for (byte expected : MAGIC) {
        require(in.readByte() == expected);
      }
      String boot = text(in);
      long offset = in.readLong();
      String device = text(in);
      long sequence = in.readLong();
      Instant received = time(in);
      int count = in.readInt();
      require(count > 0 && count <= payload.length);
      List<Sample> samples = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        samples.add(sample(in));
      }
      require(in.read() < 0);
      return new RawBatch(boot, offset, new SampleBatch(device, sequence, received, samples));
    } catch (IOException e) {
      throw new IllegalArgumentException("samples without a time that cannot be read", e);
    }
  }

  private static void write(DataOutputStream out, Sample sample) throws IOException {
    text(out, sample.point());
    text(out, sample.quality().name());
    text(out, sample.reason());
    time(out, sample.sourceTime());
    Value value = sample.value();
    if (value instanceof Value.Bool bool) {
      out.writeByte(bool.value() ? 2 : 1);
    } else if (value instanceof Value.Int whole) {
      out.writeByte(3);
      out.writeLong(whole.value());
    } else if (value instanceof Value.Float32 single) {
      out.writeByte(4);
      out.writeFloat(single.value());
    } else if (value instanceof Value.Float64 number) {
      out.writeByte(5);
      out.writeDouble(number.value());
    } else if (value instanceof Value.Text text) {
      out.writeByte(6);
      text(out, text.value());
    } else {
      out.writeByte(0);
    }
  }

  private static Sample sample(DataInputStream in) throws IOException {
    String point = text(in);
    Quality quality = Quality.valueOf(text(in));
    String reason = text(in);
    Instant time = time(in);
    Value value =
        switch (in.readByte()) {
          case 0 -> null;
          case 1 -> new Value.Bool(false);
          case 2 -> new Value.Bool(true);
          case 3 -> new Value.Int(in.readLong());
          case 4 -> new Value.Float32(in.readFloat());
          case 5 -> new Value.Float64(in.readDouble());
          case 6 -> new Value.Text(text(in));
          default -> throw new IOException("unknown type of value");
        };
    return new Sample(point, value, quality, reason, time);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    require(length >= 0 && length <= MAX_TEXT);
    byte[] bytes = in.readNBytes(length);
    require(bytes.length == length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void time(DataOutputStream out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private static Instant time(DataInputStream in) throws IOException {
    long second = in.readLong();
    int nano = in.readInt();
    // Not by its absolute value: that of the least is negative.
    require(second > -(1L << 40) && second < 1L << 40 && nano >= 0 && nano < 1_000_000_000);
    return Instant.ofEpochSecond(second, nano);
  }

  private static void require(boolean valid) throws IOException {
    if (!valid) {
      throw new IOException("not as it was written");
    }
  }
}
