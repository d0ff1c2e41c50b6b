package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.mqtt.internal.encoding.Packer.Envelope;

/**
 * Writes a user's own template, as it stands: what is sent again or late is marked where the
 * template has a place for it, which {@link TimedEncoding} fills.
 */
final class TemplateEncoding implements TelemetryEncoding {
  private final JsonBuffers buffers = new JsonBuffers();
  private final JsonTemplate template;
  private final Envelope envelope;

  TemplateEncoding(JsonTemplate template, Envelope envelope) {
    this.template = template;
    this.envelope = envelope;
  }

  @Override
  public void encode(Cycles cycles, Output output) {
    JsonBytes json = buffers.take();
    Output to = template.marksReplayed() ? unfinished(output) : output;
    Packer packer = new Packer(json, cycles, envelope, template::write, to);
    for (SampleBatch batch : cycles.batches()) {
      packer.add(batch, batch.samples());
    }
    packer.end();
    buffers.give(json);
  }

  private static Output unfinished(Output output) {
    return (topic, text) -> output.message(topic, Unfinished.of(text));
  }
}
