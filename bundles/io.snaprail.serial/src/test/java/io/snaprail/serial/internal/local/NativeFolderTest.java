package io.snaprail.serial.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.serial.SerialException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is loaded into the process lies where only the gateway's account can put anything. */
class NativeFolderTest {
  private static final String NAME = "Linux/x86_64/libjSerialComm.so";

  @TempDir Path temporary;
  private Path folder;
  private NativeFolder libraries;

  @BeforeEach
  void set() {
    folder = temporary.resolve("data/native");
    libraries = new NativeFolder(folder);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void keepsFolderAndLibraryToTheOwner() throws IOException {
    libraries.prepare();
    libraries.put(NAME, new byte[] {1, 2, 3});
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("Linux"))).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("Linux/x86_64"))).isEqualTo("rwx------");
    assertThat(mode(folder.resolve(NAME))).isEqualTo("rw-------");
    assertThat(folder.resolve(NAME)).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void closesAFolderThatWasOpenToOthers() throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    libraries.prepare();
    assertThat(mode(folder)).isEqualTo("rwx------");
  }

  @Test
  void refusesALinkInPlaceOfTheFolder() throws IOException {
    Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
    Files.createDirectories(folder.getParent());
    Files.createSymbolicLink(folder, elsewhere);
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(libraries::prepare)
        .withMessageContaining("expected a folder, found a link or a file");
  }

  @Test
  void replacesAForeignLibraryAndKeepsTheRightOne() throws IOException {
    libraries.prepare();
    libraries.put(NAME, new byte[] {1, 2, 3});
    Path file = folder.resolve(NAME);
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, old);
    libraries.put(NAME, new byte[] {1, 2, 3});
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);

    Object inode = Files.getAttribute(file, "unix:ino");
    Files.write(file, new byte[] {1, 2, 4});
    libraries.put(NAME, new byte[] {1, 2, 3});
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    // Another file: the old one may be mapped.
    assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(inode);
  }

  @Test
  void replacesALinkToALibraryWithoutTouchingItsTarget() throws IOException {
    libraries.prepare();
    Path target = Files.write(temporary.resolve("evil.so"), new byte[] {9});
    Files.createSymbolicLink(
        libraries.subfolder("Linux/x86_64").resolve("libjSerialComm.so"), target);
    libraries.put(NAME, new byte[] {1});
    assertThat(Files.isSymbolicLink(folder.resolve(NAME))).isFalse();
    assertThat(target).hasBinaryContent(new byte[] {9});
  }

  @Test
  void saysThatTheFolderIsNotUsableAndWorksOnceItIs() throws Exception {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "a file in its place");
    List<String> troubles = new ArrayList<>();
    NativeLibrary library = new NativeLibrary(folder, troubles::add);
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(library::require)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(SerialException.Kind.UNAVAILABLE))
        .withMessageContaining("the folder for the native library is not usable: " + folder);
    assertThat(troubles).singleElement().asString().contains("Serial ports cannot be used");
    Files.delete(folder);
    library.require();
    assertThat(troubles).hasSize(2).last().isEqualTo("");
    assertThat(System.getProperty("java.io.tmpdir")).doesNotStartWith(folder.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, Linux/x86_64/libjSerialComm.so",
    "Linux, i386, Linux/x86/libjSerialComm.so",
    "Linux, aarch64, Linux/armv8_64/libjSerialComm.so",
    "Linux, ppc64le, Linux/ppc64le/libjSerialComm.so",
    "Mac OS X, aarch64, OSX/aarch64/libjSerialComm.jnilib",
    "Windows 11, amd64, Windows/x86_64/jSerialComm.dll",
    "FreeBSD, aarch64, FreeBSD/arm64/libjSerialComm.so",
  })
  void takesTheLibraryOfThePlatformFromTheJar(String os, String arch, String path)
      throws IOException {
    assertThat(NativePlatform.of(os, arch).orElseThrow().paths()).containsExactly(path);
    assertThat(NativeLibrary.shipped(path)).hasSizeGreaterThan(10_000);
  }

  @Test
  void leavesItToTheLoaderWhichKindOf32BitArmItIs() throws IOException {
    List<String> paths = NativePlatform.of("Linux", "arm").orElseThrow().paths();
    assertThat(paths).hasSize(4);
    for (String path : paths) {
      assertThat(NativeLibrary.shipped(path)).hasSizeGreaterThan(10_000);
    }
    assertThat(NativePlatform.of("Linux", "riscv64")).isEmpty();
  }
}
