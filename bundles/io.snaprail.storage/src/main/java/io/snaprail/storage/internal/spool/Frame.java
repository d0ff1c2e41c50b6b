package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of a record on disk, big endian:
 *
 * <pre>
 * 4  length of what follows the checksum, 18 or more
 * 4  CRC32C of the file's first id (8 bytes) and of what follows here
 * 8  id
 * 8  when it was appended, in milliseconds since 1970
 * 2  length of the topic in bytes
 * n  topic, UTF-8
 * m  payload
 * </pre>
 *
 * <p>The file's first id is part of the sum, so that a block of an older file, which a power cut
 * left where new content should be, is never taken for a record of this one.
 */
final class Frame {
  /** Bytes beside topic and payload. */
  static final int OVERHEAD = 26;

  /** Longest topic, in bytes. */
  static final int MAX_TOPIC = 0xFFFF;

  private static final int HEAD = 8;
  private static final int MIN_LENGTH = OVERHEAD - HEAD;

  private Frame() {}

  /** Size of an entry on disk. */
  static int size(Entry entry) {
    return OVERHEAD + Math.toIntExact(entry.bytes());
  }

  /** Writes an entry; the buffer has room for {@link #size}. */
  static void write(Entry entry, long firstId, ByteBuffer to) {
    byte[] topic = entry.topic().getBytes(StandardCharsets.UTF_8);
    int start = to.position();
    to.position(start + HEAD);
    to.putLong(entry.id());
    to.putLong(entry.created().toEpochMilli());
    to.putShort((short) topic.length);
    to.put(topic);
    to.put(entry.payload());
    int end = to.position();
    to.putInt(start, end - start - HEAD);
    to.putInt(start + 4, checksum(to, start + HEAD, end, firstId));
  }

  /**
   * Reads the record at the buffer's position and moves behind it.
   *
   * @return null, with the position unchanged, when there is no whole and sound record
   */
  static @Nullable Entry read(ByteBuffer from, long firstId, Lane lane) {
    int start = from.position();
    if (from.remaining() < HEAD + MIN_LENGTH) {
      return null;
    }
    int length = from.getInt(start);
    if (length < MIN_LENGTH || length > from.remaining() - HEAD) {
      return null;
    }
    int end = start + HEAD + length;
    int topicLength = Short.toUnsignedInt(from.getShort(start + HEAD + 16));
    if (topicLength > length - MIN_LENGTH
        || from.getInt(start + 4) != checksum(from, start + HEAD, end, firstId)) {
      return null;
    }
    byte[] topic = new byte[topicLength];
    byte[] payload = new byte[length - MIN_LENGTH - topicLength];
    from.get(start + OVERHEAD, topic);
    from.get(start + OVERHEAD + topicLength, payload);
    from.position(end);
    return new Entry(
        from.getLong(start + HEAD),
        lane,
        new String(topic, StandardCharsets.UTF_8),
        payload,
        Instant.ofEpochMilli(from.getLong(start + HEAD + 8)),
        false);
  }

  private static int checksum(ByteBuffer bytes, int start, int end, long firstId) {
    CRC32C crc = new CRC32C();
    for (int shift = 56; shift >= 0; shift -= 8) {
      crc.update((int) (firstId >>> shift) & 0xFF);
    }
    ByteBuffer part = bytes.duplicate();
    part.limit(end).position(start);
    crc.update(part);
    return (int) crc.getValue();
  }
}
