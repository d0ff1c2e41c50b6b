package io.snaprail.security.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretVaultTest {
  private static final String CANARY = "canary-söcret-4711";

  @TempDir Path data;
  private Path folder;

  @BeforeEach
  void folder() {
    folder = data.resolve("security");
  }

  private SecretVault open() throws IOException {
    return SecretVault.open(folder, new SecureRandom());
  }

  @Test
  void keepsASecretOverARestart() throws IOException {
    open().put("mqtt/password", CANARY.toCharArray());
    assertThat(open().get("mqtt/password")).hasValue(CANARY.toCharArray());
    assertThat(open().get("other")).isEmpty();
  }

  @Test
  void makesARandomSecretOnceAndNeverTheSame() throws IOException {
    SecretVault vault = open();
    char[] first = vault.getOrCreate("a");
    assertThat(first).hasSize(43).isEqualTo(open().getOrCreate("a"));
    assertThat(first).isNotEqualTo(vault.getOrCreate("b"));
  }

  @Test
  void forgetsARemovedSecret() throws IOException {
    SecretVault vault = open();
    vault.put("a", "x".toCharArray());
    vault.remove("a");
    assertThat(open().get("a")).isEmpty();
  }

  // facts/security.md, Secrets: a random 256-bit key, 0400 in a 0700 folder.
  @Test
  void makesFilesThatOnlyTheOwnerMayRead() throws IOException {
    open().put("a", "x".toCharArray());
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("master.key"))).isEqualTo("r--------");
    assertThat(mode(folder.resolve("secrets.json"))).isEqualTo("rw-------");
    String key = Files.readString(folder.resolve("master.key")).strip().split(" ")[1];
    assertThat(Base64.getDecoder().decode(key)).hasSize(32);
  }

  @Test
  void refusesAKeyThatOthersMayReadAndSaysWhatToRun() throws IOException {
    open();
    Path key = folder.resolve("master.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsafeFileException.class)
        .hasMessageContaining(key + " has mode 0440 (r--r-----), expected 0400")
        .hasMessageContaining("chmod 0400 " + key);
  }

  @Test
  void refusesAFolderThatOthersMayEnter() throws IOException {
    open();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(this::open).hasMessageContaining("chmod 0700 " + folder);
  }

  @Test
  void refusesSecretsThatOthersMayRead() throws IOException {
    open().put("a", "x".toCharArray());
    Path secrets = folder.resolve("secrets.json");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::open).hasMessageContaining("chmod 0600 " + secrets);
  }

  // A crash between writing the key and taking the right to write it leaves 0600: no reason to
  // stop.
  @Test
  void takesTheRightToWriteFromAKeyThatACrashLeftWritable() throws IOException {
    open().put("a", "x".toCharArray());
    Path key = folder.resolve("master.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(open().get("a")).isPresent();
    assertThat(mode(key)).isEqualTo("r--------");
  }

  @Test
  void neverMakesANewKeyForOldSecrets() throws IOException {
    open().put("a", "x".toCharArray());
    Files.delete(folder.resolve("master.key"));
    assertThatThrownBy(this::open).hasMessageContaining("master.key is missing");
    assertThat(folder.resolve("master.key")).doesNotExist();
  }

  @Test
  void refusesASecretThatWasChanged() throws IOException {
    open().put("a", CANARY.toCharArray());
    edit(secrets -> secrets.getAsJsonObject("a").addProperty("data", flip(data(secrets, "a"))));
    SecretVault vault = open();
    assertThatThrownBy(() -> vault.get("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Secret 'a'")
        .hasMessageContaining("changed outside the gateway");
  }

  // The name is associated data: a secret put in another's place does not open.
  @Test
  void refusesSecretsThatChangedPlaces() throws IOException {
    SecretVault before = open();
    before.put("a", "first".toCharArray());
    before.put("b", "second".toCharArray());
    edit(secrets -> secrets.add("a", secrets.get("b")));
    SecretVault vault = open();
    assertThat(vault.get("b")).isPresent();
    assertThatThrownBy(() -> vault.get("a")).hasMessageContaining("Secret 'a'");
  }

  @Test
  void decryptsWithAnOlderKeyAndEncryptsWithTheFirst() throws IOException {
    open().put("old", "x".toCharArray());
    Path keyFile = folder.resolve("master.key");
    String oldKey = Files.readString(keyFile);
    Files.delete(keyFile);
    String newKey = "feedbeef " + Base64.getEncoder().encodeToString(new byte[32]) + "\n";
    Files.writeString(keyFile, newKey + oldKey);
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("r--------"));
    SecretVault vault = open();
    assertThat(vault.get("old")).isPresent();
    vault.put("new", "y".toCharArray());
    assertThat(Files.readString(folder.resolve("secrets.json"))).contains("feedbeef");
  }

  @Test
  void leavesADamagedFileAsItIs() throws IOException {
    open().put("a", "x".toCharArray());
    Path secrets = folder.resolve("secrets.json");
    Files.writeString(secrets, "{\"secrets\": {\"a\": ");
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsafeFileException.class)
        .hasMessageContaining(secrets + " is damaged");
    assertThat(Files.readString(secrets)).isEqualTo("{\"secrets\": {\"a\": ");
  }

  @Test
  void writesNoSecretInPlainAnywhere() throws IOException {
    SecretVault vault = open();
    vault.put("a", CANARY.toCharArray());
    assertThat(vault.toString()).doesNotContain(CANARY);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).doesNotContain(CANARY);
      }
    }
  }

  @Test
  void refusesANameWithBlanks() throws IOException {
    SecretVault vault = open();
    assertThatThrownBy(() -> vault.get("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  private void edit(java.util.function.Consumer<JsonObject> change) throws IOException {
    Path file = folder.resolve("secrets.json");
    JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    change.accept(root.getAsJsonObject("secrets"));
    Files.writeString(file, root.toString());
  }

  private static String data(JsonObject secrets, String name) {
    return secrets.getAsJsonObject(name).get("data").getAsString();
  }

  private static String flip(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    bytes[0] ^= 1;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
