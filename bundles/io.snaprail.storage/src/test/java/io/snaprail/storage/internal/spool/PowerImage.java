package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of its own in a file, whose power can be cut. Needs root and loop devices. */
final class PowerImage implements AutoCloseable {
  // EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, fs/ext4/ext4.h of Linux.
  private static final String SHUTDOWN =
      "import fcntl,os,struct,sys;"
          + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587D,struct.pack('I',2))";

  private final Path image;
  private final Path at;

  PowerImage(Path folder, int megabytes) throws Exception {
    image = folder.resolve("image");
    at = Files.createDirectories(folder.resolve("mounted"));
    run("truncate", "-s", megabytes + "M", image.toString());
    run("mkfs.ext4", "-q", image.toString());
    mount();
  }

  Path at() {
    return at;
  }

  /**
   * Stops the process and shuts the file system down: nothing that is not on the device now ever
   * comes there, as with a power cut. To copy the image instead takes many moments for one, as the
   * kernel goes on writing.
   */
  void cutPower(Process process) throws Exception {
    run("kill", "-STOP", Long.toString(process.pid()));
    run("/usr/bin/python3", "-c", SHUTDOWN, at.toString());
    process.toHandle().destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    close();
    mount();
  }

  private void mount() throws Exception {
    run("mount", "-o", "loop", image.toString(), at.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(List.of(command) + ": " + said).isZero();
  }

  @Override
  public void close() throws Exception {
    run("umount", at.toString());
  }
}
