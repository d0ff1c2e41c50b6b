package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands from the gateway's own machine: {@code <data>/certificates/commands/ID.request},
 * answered by {@code ID.answer}. Whoever may write there, the gateway's user and root, may do
 * everything with the gateway's files anyway; nobody else can look into the folder. Each request is
 * removed before it is carried out: it is so at most once.
 *
 * <p>A request is lines of {@code key: value}, an empty line, and a text if it has one. An answer
 * begins with {@code ok} or {@code error: MESSAGE}.
 */
final class CommandFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CommandFolder.class);
  private static final Pattern REQUEST = Pattern.compile("([A-Za-z0-9-]{4,40})\\.request");
  private static final Pattern ANSWER = Pattern.compile("[A-Za-z0-9-]{4,40}\\.answer");
  private static final int MAX_BYTES = 256 * 1024;

  /** An answer that nobody has taken by then is not waited for any more. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final Path folder;
  private final Commands commands;
  private final Clock clock;

  CommandFolder(Path folder, Commands commands, Clock clock) {
    this.folder = folder;
    this.commands = commands;
    this.clock = clock;
  }

  /** Makes the folder. */
  void open() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // Whatever its rights were: requests are obeyed.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  /** Carries out what is there. */
  void look() {
    String[] names = folder.toFile().list((File dir, String name) -> !name.startsWith("."));
    for (String name : names == null ? new String[0] : names) {
      Matcher request = REQUEST.matcher(name);
      try {
        if (request.matches()) {
          answer(folder.resolve(name), folder.resolve(request.group(1) + ".answer"));
        } else if (ANSWER.matcher(name).matches()) {
          removeOld(folder.resolve(name));
        }
      } catch (IOException failure) {
        LOG.warn("The command {} is left alone: {}", folder.resolve(name), failure.toString());
      }
    }
  }

  private void removeOld(Path answer) throws IOException {
    Instant written = Files.getLastModifiedTime(answer).toInstant();
    if (Duration.between(written, clock.instant()).abs().compareTo(KEPT) > 0) {
      AtomicFile.delete(answer);
    }
  }

  private void answer(Path request, Path answer) throws IOException {
    String text = read(request);
    AtomicFile.delete(request);
    String reply;
    try {
      Command command = Command.parse(text);
      LOG.info("By a command on this machine: {}", command);
      reply = "ok\n" + commands.run(command);
    } catch (CertificateStoreException | IllegalArgumentException refused) {
      reply = "error: " + String.valueOf(refused.getMessage()).replace('\n', ' ') + "\n";
    }
    AtomicFile.write(answer, reply.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
  }

  private static String read(Path request) throws IOException {
    boolean fits =
        Files.isRegularFile(request, LinkOption.NOFOLLOW_LINKS) && Files.size(request) <= MAX_BYTES;
    return fits ? Files.readString(request, StandardCharsets.UTF_8) : "";
  }
}
