package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts as many texts into a message as go into it, and splits what is too large for one. For one
 * use, by one thread.
 */
final class Packer {
  /** Largest message, in bytes: with the marks that it may get when it is sent, it fits. */
  static final int MAX_BYTES = Payload.MAX_BYTES - 64;

  private final JsonBytes json;
  private final Cycles cycles;
  private final Envelope envelope;
  private final Writer writer;
  private final Output output;
  private int texts;
  private @Nullable IllegalArgumentException refused;

  /**
   * What is around the texts of a message.
   *
   * @param open before the first
   * @param close behind the last
   * @param bytes how large a message of several may become
   * @param most how many there may be
   */
  record Envelope(String open, String close, int bytes, int most) {
    /** Each text is a message. */
    static final Envelope NONE = new Envelope("", "", MAX_BYTES, 1);
  }

  /**
   * What is written as one text.
   *
   * @param number of the part, from 1
   * @param of how many parts there are
   */
  record Part(Cycles cycles, SampleBatch batch, List<Sample> samples, int number, int of) {}

  /** Writes one text. */
  @FunctionalInterface
  interface Writer {
    void write(JsonBytes json, Part part);
  }

  Packer(JsonBytes json, Cycles cycles, Envelope envelope, Writer writer, Output output) {
    this.json = json.reset();
    this.cycles = cycles;
    this.envelope = envelope;
    this.writer = writer;
    this.output = output;
  }

  /** Adds samples of a batch; what cannot be encoded is told at the {@link #end}. */
  void add(SampleBatch batch, List<Sample> samples) {
    Part whole = new Part(cycles, batch, samples, 1, 1);
    int before = json.length();
    write(whole);
    int length = json.length() + envelope.close().length();
    if (length > (texts > 0 ? Math.min(envelope.bytes(), MAX_BYTES) : MAX_BYTES)) {
      json.truncate(before);
      if (texts > 0) {
        flush();
        add(batch, samples);
      } else {
        split(whole);
      }
      return;
    }
    texts++;
    if (texts == envelope.most()) {
      flush();
    }
  }

  /**
   * Puts out what is left.
   *
   * @throws IllegalArgumentException when something could not be encoded; the message names it
   */
  void end() {
    flush();
    if (refused != null) {
      throw refused;
    }
  }

  private void write(Part part) {
    json.raw(texts == 0 ? envelope.open() : ",");
    writer.write(json, part);
  }

  private void flush() {
    if (texts > 0) {
      json.raw(envelope.close());
      output.message(cycles.topic(), json.copy());
      json.reset();
      texts = 0;
    }
  }

  private void split(Part whole) {
    List<List<Sample>> parts = new ArrayList<>();
    halve(whole, whole.samples(), parts);
    for (int i = 0; i < parts.size(); i++) {
      write(new Part(cycles, whole.batch(), parts.get(i), i + 1, parts.size()));
      texts++;
      flush();
    }
  }

  private void halve(Part whole, List<Sample> samples, List<List<Sample>> parts) {
    // With the longest part numbers that can be, so that the real ones fit as well.
    write(new Part(cycles, whole.batch(), samples, whole.samples().size(), Integer.MAX_VALUE));
    int length = json.length() + envelope.close().length();
    json.reset();
    if (length <= MAX_BYTES) {
      parts.add(samples);
    } else if (samples.size() == 1) {
      refused =
          new IllegalArgumentException(
              "point '"
                  + samples.get(0).point()
                  + "': expected a message of "
                  + MAX_BYTES
                  + " bytes at most, found "
                  + length);
    } else {
      int half = samples.size() / 2;
      halve(whole, samples.subList(0, half), parts);
      halve(whole, samples.subList(half, samples.size()), parts);
    }
  }
}
