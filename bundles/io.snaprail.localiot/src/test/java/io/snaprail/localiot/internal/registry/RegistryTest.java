package io.snaprail.localiot.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
  private static final String POLICY =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}\
      """;

  @TempDir private Path folder;

  private static Registry open(Path folder) throws IOException {
    return Registry.open(folder, RegistryFixture.environment());
  }

  private static DeviceCertificate certificate(Set<String> things, Set<String> policies) {
    return new DeviceCertificate(
        new DeviceCertificate.Issued("id", "PEM\n", "ca", Instant.EPOCH),
        new DeviceCertificate.State(Status.INACTIVE, Instant.EPOCH, null),
        things,
        policies);
  }

  private static RegistryState filled() throws Exception {
    return RegistryState.EMPTY
        .with(new Thing("thing", Map.of("color", "red")))
        .withPolicy("policy", PolicyDocument.parse(POLICY), Instant.EPOCH)
        .with(certificate(Set.of("thing"), Set.of("policy")));
  }

  @Test
  void keepsEverythingOverARestart() throws Exception {
    RegistryState filled = filled();
    open(folder).change(state -> filled);

    RegistryState read = open(folder).state();

    assertThat(read.things()).isEqualTo(filled.things());
    assertThat(read.certificates()).isEqualTo(filled.certificates());
    assertThat(read.policies().get("policy").document().text()).isEqualTo(POLICY);
  }

  @Test
  void isForItsOwnersEyesOnly() throws Exception {
    RegistryState filled = filled();
    open(folder).change(state -> filled);

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("registry.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void writesNothingWhenNothingChanges() throws Exception {
    RegistryState filled = filled();
    Registry registry = open(folder);
    registry.change(state -> filled);
    Path file = folder.resolve("registry.json");
    Object written = Files.readAttributes(file, "unix:ino").get("ino");

    registry.change(state -> state.with(new Thing("thing", Map.of("color", "red"))));

    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(written);
  }

  @Test
  void keepsTheOldStateWhenItCannotBeWritten() throws Exception {
    RegistryState filled = filled();
    Path inner = folder.resolve("inner");
    Registry registry = open(inner);
    Files.writeString(inner, "a file where the folder should be");

    assertThatThrownBy(() -> registry.change(state -> filled)).isInstanceOf(IOException.class);

    assertThat(registry.state()).isEqualTo(RegistryState.EMPTY);
  }

  @Test
  void refusesAttachmentsThatLeadNowhere() {
    assertThatThrownBy(() -> RegistryState.EMPTY.with(certificate(Set.of("thing"), Set.of())))
        .hasMessageContaining("unknown thing 'thing'");
    assertThatThrownBy(() -> RegistryState.EMPTY.with(certificate(Set.of(), Set.of("policy"))))
        .hasMessageContaining("unknown policy 'policy'");
  }

  // AWS IoT Core quotas: 10 policies a certificate.
  @Test
  void refusesAnEleventhPolicy() throws Exception {
    RegistryState state = RegistryState.EMPTY;
    for (int i = 0; i < 11; i++) {
      state = state.withPolicy("p" + i, PolicyDocument.parse(POLICY), Instant.EPOCH);
    }
    RegistryState with11 = state;
    Set<String> ten = names(10);
    assertThat(with11.with(certificate(Set.of(), ten)).certificates()).hasSize(1);
    assertThatThrownBy(() -> with11.with(certificate(Set.of(), names(11))))
        .hasMessageContaining("at most 10 policies");
  }

  private static Set<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "p" + i).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"format\":1}",
        "{\"format\":2}",
        "{\"format\":2,\"things\":[]}",
        "{\"format\":2,\"things\":{\"a b\":{\"type\":\"\",\"version\":1,\"attributes\":{}}}}",
        "{\"format\":2,\"things\":{},\"types\":{},\"groups\":{},\"certificates\":{\"id\":{\"status\":\"X\"}}}",
      })
  void namesTheFileThatCannotBeRead(String text) throws Exception {
    Path file = folder.resolve("registry.json");
    Files.writeString(file, text);

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("move it away");
    assertThat(file).hasContent(text);
  }
}
