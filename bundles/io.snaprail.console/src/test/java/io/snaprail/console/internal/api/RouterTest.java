package io.snaprail.console.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final Router router =
      new Router()
          .add("GET", "/a", Role.VIEWER, request -> new Reply.Empty())
          .add("GET", "/a/{x}/{y}", Role.VIEWER, request -> new Reply.Empty())
          .add("POST", "/a/{x}/{y}", Role.OPERATOR, request -> new Reply.Empty());

  @Test
  void findsTheRouteAndItsParameters() throws Refusal {
    Router.Match match = router.match("POST", "/a/boiler 1/temp");

    assertThat(match.route().role()).isEqualTo(Role.OPERATOR);
    assertThat(match.parameters()).containsEntry("x", "boiler 1").containsEntry("y", "temp");
  }

  @Test
  void servesHeadAsGet() throws Refusal {
    assertThat(router.match("HEAD", "/a").route().method()).isEqualTo("GET");
  }

  @Test
  void anUnknownPathIsNotFound() {
    for (String path : new String[] {"/", "/b", "/a/", "/a/x", "/a/x/", "/a//y", "/a/x/y/z"}) {
      Refusal refusal = catchThrowableOfType(Refusal.class, () -> router.match("GET", path));
      assertThat(refusal.status()).as(path).isEqualTo(404);
    }
  }

  /** RFC 9110, 15.5.6: a 405 names what is allowed. */
  @Test
  void aWrongMethodNamesTheRightOnes() {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> router.match("PUT", "/a/x/y"));

    assertThat(refusal.status()).isEqualTo(405);
    assertThat(refusal.headers()).containsEntry("Allow", "GET, POST");
  }
}
