package io.snaprail.console.internal.page;

import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.LoginResult;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Cookies;
import io.snaprail.console.internal.access.LoginForms;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.access.Session;
import io.snaprail.console.internal.access.Sessions;
import io.snaprail.console.internal.api.Services;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The forms to claim the gateway and to log in; they work without script. */
@Component(service = AccessForms.class)
public final class AccessForms {
  /** Checking a password is slow on purpose; more at once would leave no thread for the others. */
  private static final int MAX_AT_ONCE = 4;

  private final Services services;
  private final Sessions sessions;
  private final LoginForms forms;
  private final Semaphore slots = new Semaphore(MAX_AT_ONCE);

  /** Made by DS. */
  @Activate
  public AccessForms(
      @Reference Services services, @Reference Sessions sessions, @Reference LoginForms forms) {
    this.services = services;
    this.sessions = sessions;
    this.forms = forms;
  }

  /** Serves {@code /login} and {@code /claim}. */
  public void serve(String path, HttpServletRequest request, HttpServletResponse response)
      throws Refusal, IOException {
    Accounts accounts =
        services.accounts().orElseThrow(() -> RequestRules.starting("the accounts are"));
    boolean claim = path.equals("/claim");
    if (claim == accounts.claimed()) {
      redirect(response, claim ? "/login" : "/claim");
      return;
    }
    switch (request.getMethod()) {
      case "GET", "HEAD" -> {
        if (Caller.of(request).isPresent()) {
          redirect(response, "/points");
        } else {
          show(claim, request, response, "", Duration.ZERO);
        }
      }
      case "POST" -> take(claim, accounts, request, response);
      default ->
          throw new Refusal(
              405, "method", "This form takes GET and POST.", Map.of("Allow", "GET, HEAD, POST"));
    }
  }

  private void take(
      boolean claim, Accounts accounts, HttpServletRequest request, HttpServletResponse response)
      throws Refusal, IOException {
    String name = field(request, "name");
    char[] password = field(request, "password").toCharArray();
    if (claim && !field(request, "password").equals(field(request, "repeat"))) {
      response.setStatus(422);
      show(true, request, response, "The two passwords are not the same.", Duration.ZERO);
      return;
    }
    if (claim && name.strip().startsWith(Caller.TOKEN_PREFIX)) {
      response.setStatus(422);
      String message = "A name must not begin with \"" + Caller.TOKEN_PREFIX + "\".";
      show(true, request, response, message, Duration.ZERO);
      return;
    }
    if (!slots.tryAcquire()) {
      throw new Refusal(
          503,
          "busy",
          "Too many people are logging in right now. Try again in a moment.",
          Map.of("Retry-After", "2"));
    }
    LoginResult result;
    try {
      String source = request.getRemoteAddr();
      result =
          claim
              ? accounts.claim(field(request, "token").strip(), name, password, source)
              : accounts.login(name, password, source);
    } finally {
      slots.release();
      Arrays.fill(password, '\0');
    }
    if (result instanceof LoginResult.Success success) {
      enter(success, request, response);
    } else if (result instanceof LoginResult.Refused refused) {
      refuse(claim, refused, request, response);
    }
  }

  private void enter(
      LoginResult.Success success, HttpServletRequest request, HttpServletResponse response) {
    Caller.of(request)
        .map(Caller::session)
        .ifPresent(sessions::close); // whoever was logged in before is not any more
    Sessions.Opened opened = sessions.open(success.principal());
    Cookies.set(response, Sessions.COOKIE, opened.id());
    Cookies.clear(response, LoginForms.COOKIE);
    redirect(response, safeTarget(field(request, "next")));
  }

  private void refuse(
      boolean claim,
      LoginResult.Refused refused,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Duration wait = refused.retryAfter();
    if (wait.isZero()) {
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    } else {
      response.setStatus(429);
      response.setHeader("Retry-After", String.valueOf(seconds(wait)));
    }
    show(claim, request, response, refused.message(), wait);
  }

  private void show(
      boolean claim,
      HttpServletRequest request,
      HttpServletResponse response,
      String message,
      Duration wait)
      throws IOException {
    response.setContentType("text/html;charset=utf-8");
    response
        .getWriter()
        .write(
            Templates.render(
                claim ? "claim.html" : "login.html",
                Map.of(
                    "assets", Assets.root(),
                    "csrf", token(request, response),
                    "message", message,
                    "wait", wait.isZero() ? "" : String.valueOf(seconds(wait)),
                    "name", field(request, "name"),
                    "next", safeTarget(field(request, "next")))));
  }

  /** The token for the form: of the session if there is one, else of the form's own cookie. */
  private String token(HttpServletRequest request, HttpServletResponse response) {
    Session session = Caller.of(request).map(Caller::session).orElse(null);
    if (session != null) {
      return session.csrfToken();
    }
    String cookie =
        Cookies.find(request, LoginForms.COOKIE)
            .orElseGet(
                () -> {
                  String made = forms.newCookie();
                  Cookies.set(response, LoginForms.COOKIE, made);
                  return made;
                });
    return forms.token(cookie);
  }

  /** A path of ours; anything else, such as another site, becomes the points. */
  static String safeTarget(String next) {
    boolean ours =
        next.startsWith("/")
            && !next.startsWith("//")
            && next.indexOf('\\') < 0
            && next.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return ours ? next : "/points";
  }

  private static long seconds(Duration wait) {
    return Math.max(1, (wait.toMillis() + 999) / 1000);
  }

  private static String field(HttpServletRequest request, String name) {
    String value = request.getParameter(name);
    return value == null ? "" : value;
  }

  private static void redirect(HttpServletResponse response, String target) {
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", target);
  }
}
