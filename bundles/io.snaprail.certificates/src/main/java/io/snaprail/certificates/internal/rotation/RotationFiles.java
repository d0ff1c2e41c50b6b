package io.snaprail.certificates.internal.rotation;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import io.snaprail.api.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotations on disk: {@code <folder>/<identity>.txt}, lines of {@code key: value}, then the
 * request. Nothing in it is secret. Read once; safe for any thread.
 */
public final class RotationFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RotationFiles.class);
  private static final String SUFFIX = ".txt";
  private static final Pattern LINE = Pattern.compile("([a-z]+): ?(.*)\\R");

  private final Path folder;
  private final Map<String, RotationRecord> records = new TreeMap<>();

  /** Reads what is there; the folder need not exist. What cannot be read is left out and said. */
  public RotationFiles(Path folder) {
    this.folder = folder;
    String[] files = folder.toFile().list((File dir, String name) -> name.endsWith(SUFFIX));
    for (String file : files == null ? new String[0] : files) {
      String identity = file.substring(0, file.length() - SUFFIX.length());
      try {
        String text = Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
        records.put(identity, parse(identity, text));
      } catch (IOException | IllegalArgumentException | DateTimeParseException damaged) {
        LOG.warn(
            "Identity {}: what was kept of its rotation is dropped: {} cannot be read ({})",
            identity,
            folder.resolve(file),
            damaged.getMessage());
      }
    }
  }

  /** All, by identity. */
  public synchronized List<RotationRecord> all() {
    return List.copyOf(records.values());
  }

  /** Keeps one in place of the one before; durable when it returns. */
  public synchronized void put(RotationRecord record) throws CertificateStoreException {
    Path file = folder.resolve(record.identity() + SUFFIX);
    try {
      byte[] text = text(record).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(file, text, AtomicFile.PRIVATE);
      records.put(record.identity(), record);
    } catch (IOException failure) {
      throw new CertificateStoreException(
          "%s cannot be written (%s). Make room, or let the gateway's user write there."
              .formatted(file, failure),
          failure);
    }
  }

  /** Forgets one. */
  public synchronized void remove(String identity) throws CertificateStoreException {
    Path file = folder.resolve(identity + SUFFIX);
    try {
      AtomicFile.delete(file);
      records.remove(identity);
    } catch (IOException failure) {
      throw new CertificateStoreException(file + " cannot be removed: " + failure, failure);
    }
  }

  private static String text(RotationRecord record) {
    RotationState state = record.state();
    List<String> lines = new ArrayList<>();
    lines.add("issuer: " + line(state.issuer()));
    lines.add("reason: " + line(state.reason()));
    lines.add("phase: " + state.phase());
    lines.add("since: " + state.since());
    lines.add("old: " + state.oldFingerprint());
    lines.add("new: " + state.newFingerprint());
    lines.add("message: " + line(state.message()));
    lines.add("trial: " + record.trial());
    lines.add("retire: " + String.join(" ", record.retire()));
    lines.add("failures: " + record.failures());
    return String.join("\n", lines) + "\n" + record.csr();
  }

  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static RotationRecord parse(String identity, String text) {
    Map<String, String> values = new TreeMap<>();
    Matcher line = LINE.matcher(text);
    int end = 0;
    while (line.find() && line.start() == end) {
      values.put(line.group(1), line.group(2));
      end = line.end();
    }
    RotationState state =
        new RotationState(
            identity,
            value(values, "issuer"),
            value(values, "reason"),
            Phase.valueOf(value(values, "phase")),
            Instant.parse(value(values, "since")),
            value(values, "old"),
            value(values, "new"),
            value(values, "message"));
    List<String> retire =
        Arrays.stream(value(values, "retire").split(" ")).filter(f -> !f.isEmpty()).toList();
    return new RotationRecord(
        state,
        Boolean.parseBoolean(value(values, "trial")),
        text.substring(end),
        retire,
        Integer.parseInt(value(values, "failures")));
  }

  private static String value(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no line '" + key + ":'");
    }
    return value;
  }
}
