package io.snaprail.security.internal;

import io.snaprail.api.audit.AuditEvent;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the audit log. Lines go to {@code audit.jsonl}, each durable before {@link #append}
 * returns; a full file becomes {@code audit-<sequence of its last record>.jsonl} by one rename, and
 * the chain goes on in a new one. A line that a power cut tore is cut off when the file is opened.
 * After an error the file is closed and opened anew at the next event. The end of the chain cannot
 * defend itself: who may write the file can drop its last records unseen.
 *
 * <p>Safe for any thread: one appends at a time, and waits for the disk.
 */
public final class AuditJournal implements AutoCloseable {
  /** Size at which a file is full, in bytes. */
  public static final long MAX_BYTES = 10L * 1024 * 1024;

  /** How many full files are kept. */
  public static final int KEEP = 10;

  static final String ACTIVE = "audit.jsonl";

  private static final Logger LOG = LoggerFactory.getLogger(AuditJournal.class);

  private final Path folder;
  private final Clock clock;
  private final long maxBytes;
  private final int keep;
  // RandomAccessFile and not FileChannel: an interrupted caller would close a channel for all.
  private @Nullable RandomAccessFile file;
  private AuditRecord last = AuditRecord.NONE;

  /** A journal in the given folder, which is made when the first event comes. */
  public AuditJournal(Path folder, Clock clock) {
    this(folder, clock, MAX_BYTES, KEEP);
  }

  AuditJournal(Path folder, Clock clock, long maxBytes, int keep) {
    this.folder = folder;
    this.clock = clock;
    this.maxBytes = maxBytes;
    this.keep = keep;
  }

  /** The file that is written. */
  public Path file() {
    return folder.resolve(ACTIVE);
  }

  /** Appends an event; when it returns, the event is on disk. */
  public synchronized void append(AuditEvent event) throws IOException {
    try {
      RandomAccessFile open = open();
      String line = last.next(event, clock.instant());
      byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
      if (open.length() > 0 && open.length() + bytes.length > maxBytes) {
        open = rotate();
      }
      open.seek(open.length());
      open.write(bytes);
      open.getFD().sync();
      last = AuditRecord.parse(line).orElseThrow(() -> new IOException("unreadable: " + line));
    } catch (IOException failure) {
      close(failure);
      throw failure;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    RandomAccessFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  private void close(IOException failure) {
    try {
      close();
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }

  private RandomAccessFile open() throws IOException {
    RandomAccessFile present = file;
    // A file that someone moved or deleted would take records that nobody finds again.
    if (present != null && Files.exists(file())) {
      return present;
    }
    close();
    PrivateFiles.createFolder(folder);
    if (!Files.exists(file())) {
      Files.createFile(
          file(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      PrivateFiles.syncFolder(folder);
    }
    RandomAccessFile opened = new RandomAccessFile(file().toFile(), "rw");
    try {
      last = recover(opened);
    } catch (IOException failure) {
      opened.close();
      throw failure;
    }
    file = opened;
    return opened;
  }

  private RandomAccessFile rotate() throws IOException {
    close();
    Path full = folder.resolve("audit-%019d.jsonl".formatted(last.sequence()));
    Files.move(file(), full, StandardCopyOption.ATOMIC_MOVE);
    PrivateFiles.syncFolder(folder);
    List<Path> rotated = rotated(folder);
    for (Path old : rotated.subList(0, Math.max(0, rotated.size() - keep))) {
      Files.delete(old);
    }
    return open();
  }

  /** Cuts off a torn line and finds the last record of the chain. */
  private AuditRecord recover(RandomAccessFile opened) throws IOException {
    String tail = tail(opened);
    int end = tail.lastIndexOf('\n') + 1;
    if (end < tail.length()) {
      if (end == 0 && opened.length() > tail.length()) {
        throw new IOException("no line ends in the last " + tail.length() + " bytes; move it away");
      }
      int torn = tail.length() - end;
      LOG.warn("{}: cut off an incomplete record of {} bytes, left by a crash", file(), torn);
      opened.setLength(opened.length() - torn);
      opened.getFD().sync();
    }
    if (end > 0) {
      return lastRecord(file(), tail.substring(0, end));
    }
    List<Path> rotated = rotated(folder);
    if (rotated.isEmpty()) {
      return AuditRecord.NONE;
    }
    Path newest = rotated.get(rotated.size() - 1);
    try (RandomAccessFile before = new RandomAccessFile(newest.toFile(), "r")) {
      return lastRecord(newest, tail(before));
    }
  }

  private static AuditRecord lastRecord(Path file, String tail) {
    List<String> lines = new ArrayList<>(Arrays.asList(tail.split("\n")));
    int damaged = 0;
    for (int i = lines.size() - 1; i >= 0; i--) {
      byte[] line = lines.get(i).getBytes(StandardCharsets.ISO_8859_1);
      Optional<AuditRecord> record = AuditRecord.parse(new String(line, StandardCharsets.UTF_8));
      if (record.isPresent()) {
        AuditRecord found = record.get();
        // The numbers of damaged records stay theirs; the break shows when the chain is verified.
        return new AuditRecord(found.sequence() + damaged, found.previous(), found.hash());
      }
      damaged++;
      LOG.error("{}: a record near its end was changed or damaged: keep the file", file);
    }
    return new AuditRecord(damaged, AuditRecord.NONE.previous(), AuditRecord.NONE.hash());
  }

  /** The last bytes as characters of one byte each, so that positions stay positions. */
  private static String tail(RandomAccessFile opened) throws IOException {
    int size = (int) Math.min(opened.length(), 2L * AuditRecord.MAX_LINE);
    byte[] bytes = new byte[size];
    opened.seek(opened.length() - size);
    opened.readFully(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Full files, oldest first. */
  static List<Path> rotated(Path folder) {
    String[] names =
        folder.toFile().list((File dir, String name) -> name.matches("audit-\\d+\\.jsonl"));
    if (names == null) {
      return List.of();
    }
    return Arrays.stream(names).sorted().map(folder::resolve).toList();
  }
}
