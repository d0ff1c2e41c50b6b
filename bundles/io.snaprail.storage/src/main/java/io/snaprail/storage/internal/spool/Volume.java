package io.snaprail.storage.internal.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The folder of a spool, and all that is done to it. One thread writes, one reads; tests put a disk
 * in its place that fails and forgets.
 */
interface Volume {
  /** What people call it in messages. */
  String name();

  /** Makes the folder, durably. */
  void create() throws IOException;

  /** Names of its files; none when there is no folder. */
  List<String> list() throws IOException;

  /** Opens a file to read and write; it must exist unless it is to be made. */
  Handle open(String file, boolean make) throws IOException;

  /** Deletes a file if it is there. Not durable before {@link #sync}. */
  void delete(String file) throws IOException;

  /** Renames a file, replacing what has the name. Not durable before {@link #sync}. */
  void rename(String from, String to) throws IOException;

  /** Makes new, renamed and deleted files durable. */
  void sync() throws IOException;

  /** Bytes that this process may still take. */
  long free() throws IOException;

  /** An open file. */
  interface Handle extends Closeable {
    /** Length in bytes. */
    long size() throws IOException;

    /** Reads until the buffer is full or the file ends. */
    void read(ByteBuffer to, long position) throws IOException;

    /** Writes the whole buffer. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Cuts the file. */
    void truncate(long length) throws IOException;

    /** Brings content and length to disk. */
    void force() throws IOException;
  }
}
