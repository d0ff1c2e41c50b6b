package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.mqtt.internal.encoding.Packer.Envelope;

/** Writes a user's own template, as it stands: what is sent again or late has no mark. */
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
    Packer packer = new Packer(json, cycles, envelope, template::write, output);
    for (SampleBatch batch : cycles.batches()) {
      packer.add(batch, batch.samples());
    }
    packer.end();
    buffers.give(json);
  }
}
