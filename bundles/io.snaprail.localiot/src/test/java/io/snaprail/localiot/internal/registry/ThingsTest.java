package io.snaprail.localiot.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Things, types and groups. Clauses: AWS IoT API reference and developer guide, as named. */
class ThingsTest {
  private static final String ALLOW =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}";

  @TempDir private Path folder;
  private RegistryFixture fixture;
  private Registry registry;

  @BeforeEach
  void open() throws Exception {
    fixture = new RegistryFixture(folder, true);
    registry = fixture.registry;
  }

  private static void refuses(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  // CreateThing: "If a thing with the same configuration exists, the call succeeds".
  @Test
  void makesAThingOnceAndTakesTheSameAgain() throws Exception {
    registry.things().create("lamp", "", Map.of("color", "red"));
    Thing again = registry.things().create("lamp", "", Map.of("color", "red"));

    assertThat(again.version()).isEqualTo(1);
    refuses(
        Kind.RESOURCE_ALREADY_EXISTS,
        () -> registry.things().create("lamp", "", Map.of("color", "blue")));
    refuses(Kind.INVALID_REQUEST, () -> registry.things().create("a b", "", Map.of()));
    refuses(Kind.INVALID_REQUEST, () -> registry.things().create("x", "", Map.of("a b", "c")));
    refuses(Kind.RESOURCE_NOT_FOUND, () -> registry.things().describe("nobody"));
  }

  // UpdateThing, AttributePayload.merge: otherwise the attributes are replaced; an empty value
  // removes one.
  @Test
  void mergesOrReplacesAttributes() throws Exception {
    registry.things().create("lamp", "", Map.of("color", "red", "watt", "75"));

    Thing merged =
        registry
            .things()
            .update("lamp", Things.Update.attributes(Map.of("color", "", "room", "3"), true));
    assertThat(merged.attributes()).isEqualTo(Map.of("watt", "75", "room", "3"));
    assertThat(merged.version()).isEqualTo(2);

    Thing replaced =
        registry.things().update("lamp", Things.Update.attributes(Map.of("color", "blue"), false));
    assertThat(replaced.attributes()).isEqualTo(Map.of("color", "blue"));
  }

  // UpdateThing, DeleteThing: VersionConflictException.
  @Test
  void refusesAVersionThatIsNotThePresentOne() throws Exception {
    registry.things().create("lamp", "", Map.of());
    Things.Update late = new Things.Update(Map.of(), true, "", false, OptionalLong.of(7));

    refuses(Kind.VERSION_CONFLICT, () -> registry.things().update("lamp", late));
    refuses(Kind.VERSION_CONFLICT, () -> registry.things().delete("lamp", OptionalLong.of(7)));
    registry.things().delete("lamp", OptionalLong.of(1));
    assertThat(registry.things().list()).isEmpty();
  }

  // Quotas: 3 attributes without a type, 50 with one.
  @Test
  void countsAttributes() throws Exception {
    Map<String, String> four = Map.of("a", "1", "b", "2", "c", "3", "d", "4");
    refuses(Kind.INVALID_REQUEST, () -> registry.things().create("lamp", "", four));
    registry.types().create("bulb", "", List.of());
    registry.things().create("lamp", "bulb", four);

    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 51; i++) {
      many.put("a" + i, "x");
    }
    refuses(Kind.INVALID_REQUEST, () -> registry.things().create("lamp2", "bulb", many));
  }

  // Developer guide, "Thing types": deprecate, wait five minutes, delete.
  @Test
  void deletesATypeOnlyFiveMinutesAfterItWasDeprecatedAndWhenNobodyHasIt() throws Exception {
    registry.types().create("bulb", "gives light", List.of("watt"));
    registry.things().create("lamp", "bulb", Map.of());
    refuses(Kind.INVALID_REQUEST, () -> registry.types().delete("bulb"));

    registry.types().deprecate("bulb", false);
    refuses(Kind.INVALID_REQUEST, () -> registry.things().create("lamp2", "bulb", Map.of()));
    refuses(Kind.INVALID_REQUEST, () -> registry.types().delete("bulb"));
    fixture.now.updateAndGet(time -> time.plus(Duration.ofMinutes(5)));
    refuses(Kind.INVALID_REQUEST, () -> registry.types().delete("bulb"));

    registry
        .things()
        .update("lamp", new Things.Update(Map.of(), true, "", true, OptionalLong.empty()));
    registry.types().delete("bulb");
    assertThat(registry.types().list()).isEmpty();
  }

  // Developer guide, "Static thing groups": not twice in one hierarchy, at most 10 groups.
  @Test
  void keepsAThingOnceInEachHierarchy() throws Exception {
    registry.things().create("lamp", "", Map.of());
    registry.groups().create("house", "", "", Map.of());
    registry.groups().create("kitchen", "house", "", Map.of());
    registry.groups().create("cellar", "house", "", Map.of());
    registry.groups().add("kitchen", "lamp");
    refuses(Kind.INVALID_REQUEST, () -> registry.groups().add("cellar", "lamp"));
    refuses(Kind.INVALID_REQUEST, () -> registry.groups().add("house", "lamp"));

    for (int i = 1; i < 10; i++) {
      registry.groups().create("g" + i, "", "", Map.of());
      registry.groups().add("g" + i, "lamp");
    }
    registry.groups().create("g10", "", "", Map.of());
    refuses(Kind.LIMIT_EXCEEDED, () -> registry.groups().add("g10", "lamp"));

    assertThat(registry.groups().things("house", true)).containsExactly("lamp");
    assertThat(registry.groups().things("house", false)).isEmpty();
    registry.groups().remove("kitchen", "lamp");
    assertThat(registry.groups().things("house", true)).isEmpty();
  }

  // DeleteThingGroup: not while it has children. Quota: 7 groups above each other.
  @Test
  void boundsTheDepthOfGroupsAndDeletesFromBelow() throws Exception {
    String parent = "";
    for (int i = 1; i <= 7; i++) {
      parent = registry.groups().create("level" + i, parent, "", Map.of()).name();
    }
    refuses(Kind.INVALID_REQUEST, () -> registry.groups().create("level8", "level7", "", Map.of()));
    refuses(Kind.INVALID_REQUEST, () -> registry.groups().delete("level6", OptionalLong.empty()));
    registry.groups().delete("level7", OptionalLong.empty());
    registry.groups().delete("level6", OptionalLong.empty());
  }

  // DeleteThing: "returns an error when a principal is attached".
  @Test
  void keepsAThingThatACertificateIsAttachedTo() throws Exception {
    registry.things().create("lamp", "", Map.of());
    String id =
        registry
            .certificates()
            .createFromCsr(fixture.request("CN=lamp"), DeviceCertificate.Status.ACTIVE)
            .id();
    registry.things().attach("lamp", id);
    assertThat(registry.things().principals("lamp")).containsExactly(id);
    refuses(Kind.INVALID_REQUEST, () -> registry.things().delete("lamp", OptionalLong.empty()));

    registry.things().detach("lamp", id);
    registry.things().delete("lamp", OptionalLong.empty());
  }

  // Developer guide, "Static thing groups": policies are inherited by groups and things below.
  @Test
  void policiesOfAGroupCountForTheCertificatesOfItsThings() throws Exception {
    registry.policies().create("p", ALLOW);
    registry.things().create("lamp", "", Map.of());
    registry.groups().create("house", "", "", Map.of());
    registry.groups().create("kitchen", "house", "", Map.of());
    registry.policies().attachToGroup("p", "house");
    DeviceCertificate certificate =
        registry
            .certificates()
            .createFromCsr(fixture.request("CN=lamp"), DeviceCertificate.Status.ACTIVE);
    registry.things().attach("lamp", certificate.id());
    assertThat(policies(certificate.id())).isEmpty();

    registry.groups().add("kitchen", "lamp");
    assertThat(policies(certificate.id())).containsExactly("p");

    registry.policies().detachFromGroup("p", "house");
    assertThat(policies(certificate.id())).isEmpty();
  }

  private List<String> policies(String id) throws Exception {
    RegistryState state = registry.state();
    return state.policiesOf(registry.certificates().describe(id)).stream()
        .map(Policy::name)
        .toList();
  }

  // AWS IoT quotas: 5 versions a policy; DeletePolicy, DeletePolicyVersion:
  // DeleteConflictException.
  @Test
  void countsVersionsOfAPolicyAndKeepsTheDefault() throws Exception {
    Policies policies = registry.policies();
    policies.create("p", ALLOW);
    refuses(Kind.RESOURCE_ALREADY_EXISTS, () -> policies.create("p", ALLOW));
    refuses(Kind.MALFORMED_POLICY, () -> policies.create("q", "{}"));
    for (int i = 2; i <= 5; i++) {
      policies.createVersion("p", ALLOW.replace("iot:*", "iot:Publish"), false);
    }
    refuses(Kind.VERSIONS_LIMIT_EXCEEDED, () -> policies.createVersion("p", ALLOW, true));
    assertThat(policies.describe("p").document().text()).isEqualTo(ALLOW);

    policies.setDefault("p", 3);
    assertThat(policies.describe("p").document().text()).contains("iot:Publish");
    refuses(Kind.DELETE_CONFLICT, () -> policies.deleteVersion("p", 3));
    refuses(Kind.DELETE_CONFLICT, () -> policies.delete("p"));
    for (int version : List.of(1, 2, 4, 5)) {
      policies.deleteVersion("p", version);
    }
    // Numbers never come again.
    assertThat(policies.createVersion("p", ALLOW, true).defaultVersion()).isEqualTo(6);
    policies.deleteVersion("p", 3);
    policies.delete("p");
    refuses(Kind.RESOURCE_NOT_FOUND, () -> policies.describe("p"));
  }

  @Test
  void readsBackAllOfIt() throws Exception {
    registry.types().create("bulb", "gives light", List.of("watt"));
    registry.types().deprecate("bulb", false);
    registry.types().deprecate("bulb", true);
    registry.types().create("old", "", List.of());
    registry.types().deprecate("old", false);
    registry.things().create("lamp", "bulb", Map.of("watt", "75"));
    registry.groups().create("house", "", "all", Map.of("city", "B"));
    registry.groups().add("house", "lamp");
    registry.policies().create("p", ALLOW);
    registry.policies().createVersion("p", ALLOW, true);
    registry.policies().attachToGroup("p", "house");
    registry.authorities().registrationCode();
    String id =
        registry
            .certificates()
            .createFromCsr(fixture.request("CN=lamp"), DeviceCertificate.Status.INACTIVE)
            .id();
    registry.transfers().start(id, "210987654321", "yours");

    RegistryState read =
        Registry.open(folder.resolve("localiot"), RegistryFixture.environment()).state();

    RegistryState state = registry.state();
    assertThat(read.tables()).isEqualTo(state.tables());
    assertThat(read.certificates()).isEqualTo(state.certificates());
    assertThat(read.registrationCode()).isEqualTo(state.registrationCode());
    assertThat(RegistryWriter.write(read)).isEqualTo(RegistryWriter.write(state));
  }
}
