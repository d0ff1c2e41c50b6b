package io.snaprail.localiot.internal.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.snaprail.localiot.internal.limits.Quotas;
import java.util.List;

/**
 * Cuts the stream into MQTT packets (MQTT 3.1.1 section 2.2). The codec behind it trusts the
 * lengths inside a packet more than the packet's own: without the cut a topic that is "longer than
 * its packet" would make it wait for, and swallow, the packets that follow.
 */
final class PacketFraming extends ByteToMessageDecoder {
  /** Room for topic and packet id beside the payload, so that our own check names the quota. */
  static final int PACKET_BYTES = Quotas.PAYLOAD_BYTES + 1024;

  private static final int LENGTH_BYTES = 4;

  /** First byte of a CONNECT: without it, nothing of what follows is waited for. */
  private static final byte CONNECT = 0x10;

  private final MqttConnection connection;
  private boolean first = true;

  PacketFraming(MqttConnection connection) {
    this.connection = connection;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (first && in.getByte(in.readerIndex()) != CONNECT) {
      throw new CorruptedFrameException("expected CONNECT first, found something else");
    }
    int bytes = packetBytes(in);
    if (bytes == 0 || in.readableBytes() < bytes) {
      return;
    }
    first = false;
    connection.packetBegins();
    // Everything behind runs before this returns, so that the connection knows whether a message
    // has come out of the packet.
    context.fireChannelRead(in.readRetainedSlice(bytes));
    connection.packetEnds(context);
  }

  /** Size of the packet that begins here; 0 when too little of it is there to know. */
  private static int packetBytes(ByteBuf in) {
    int length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      if (in.readableBytes() < 2 + i) {
        return 0;
      }
      int digit = in.getUnsignedByte(in.readerIndex() + 1 + i);
      length |= (digit & 0x7F) << (7 * i);
      if (digit < 0x80) {
        int bytes = 2 + i + length;
        if (bytes > PACKET_BYTES) {
          throw new TooLongFrameException(
              "expected a packet of at most " + PACKET_BYTES + " bytes, found " + bytes);
        }
        return bytes;
      }
    }
    throw new CorruptedFrameException("malformed packet: its length has more than 4 bytes");
  }
}
