package io.snaprail.deploy.internal.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a support bundle: bounded in size, and everything through the {@link Redactor}. */
final class SupportArchive {
  private static final long LOG_BYTES = 5L << 20;
  private static final long FILE_BYTES = 512L << 10;
  private static final int FILES = 500;
  private static final int PIECE = 1 << 18;

  private final Path data;
  private final Path config;
  private final Sources sources;

  SupportArchive(Path data, Path config, Sources sources) {
    this.data = data;
    this.config = config;
    this.sources = sources;
  }

  /** What a text is, made when it is its turn. */
  @FunctionalInterface
  private interface Text {
    String get();
  }

  void write(Path target) throws IOException {
    try (OutputStream file = Files.newOutputStream(target);
        ZipOutputStream zip = new ZipOutputStream(file, StandardCharsets.UTF_8)) {
      text(zip, "summary.txt", sources::summary);
      text(zip, "problems.txt", sources::problems);
      text(zip, "bundles.txt", sources::bundles);
      text(zip, "metrics.txt", sources::metrics);
      text(zip, "threads.txt", sources::threads);
      files(zip, config, ".json", "config/");
      files(zip, config.resolve("maps"), ".csv", "config/maps/");
      deployed(zip);
      logs(zip);
    }
  }

  private static void text(ZipOutputStream zip, String name, Text text) throws IOException {
    put(zip, name, Redactor.text(text.get()));
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private void deployed(ZipOutputStream zip) throws IOException {
    Path list = data.resolve("deploy/deploy.json");
    if (Files.isRegularFile(list)) {
      put(zip, "deploy.json", Redactor.json(Files.readString(list)));
    }
  }

  private static void files(ZipOutputStream zip, Path folder, String suffix, String prefix)
      throws IOException {
    for (Path file : list(folder, suffix)) {
      String name = prefix + file.getFileName();
      if (Files.size(file) > FILE_BYTES) {
        put(zip, name + ".txt", "left out: it has " + Files.size(file) + " bytes\n");
      } else {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        put(zip, name, suffix.equals(".json") ? Redactor.json(text) : Redactor.text(text));
      }
    }
  }

  private static List<Path> list(Path folder, String suffix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> String.valueOf(file.getFileName()).endsWith(suffix))
          .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
          .sorted()
          .limit(FILES)
          .toList();
    }
  }

  /** The newest lines: of the file that is written, and of those before it as far as they fit. */
  private void logs(ZipOutputStream zip) throws IOException {
    Path folder = data.resolve("logs");
    long left = LOG_BYTES;
    Path current = folder.resolve("snaprail.log");
    if (Files.isRegularFile(current)) {
      long from = Math.max(0, Files.size(current) - left);
      left -= Files.size(current) - from;
      zip.putNextEntry(new ZipEntry("logs/snaprail.log"));
      try (RandomAccessFile file = new RandomAccessFile(current.toFile(), "r");
          InputStream in = java.nio.channels.Channels.newInputStream(file.getChannel())) {
        file.seek(from);
        copy(in, zip, from > 0, LOG_BYTES);
      }
      zip.closeEntry();
    }
    List<Path> older = new ArrayList<>(list(folder, ".log.gz"));
    older.sort(Comparator.comparing(Path::toString));
    for (Path one : older) {
      if (left > PIECE) {
        zip.putNextEntry(
            new ZipEntry("logs/" + String.valueOf(one.getFileName()).replace(".gz", "")));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(one))) {
          left -= copy(in, zip, false, left);
        }
        zip.closeEntry();
      }
    }
  }

  // In pieces of whole lines: a secret that goes over several lines is one of a key.
  private static long copy(InputStream in, OutputStream out, boolean cutLine, long most)
      throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    if (cutLine) {
      lines.readLine();
    }
    StringBuilder piece = new StringBuilder();
    long written = 0;
    boolean key = false;
    for (String line = lines.readLine();
        line != null && written + piece.length() < most;
        line = lines.readLine()) {
      key = (key || line.contains("PRIVATE KEY-----")) && !line.contains("-----END ");
      piece.append(line).append('\n');
      if (piece.length() > PIECE && !key) {
        written += flush(piece, out);
      }
    }
    return written + flush(piece, out);
  }

  private static long flush(StringBuilder piece, OutputStream out) throws IOException {
    byte[] bytes = Redactor.text(piece.toString()).getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    piece.setLength(0);
    return bytes.length;
  }
}
