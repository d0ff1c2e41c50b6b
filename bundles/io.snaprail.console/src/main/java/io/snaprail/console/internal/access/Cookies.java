package io.snaprail.console.internal.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Optional;

/** The console's cookies: {@code Secure}, {@code HttpOnly}, {@code SameSite=Strict}, whole host. */
public final class Cookies {
  private Cookies() {}

  /** The value of a cookie that a request carries. */
  public static Optional<String> find(HttpServletRequest request, String name) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return Optional.empty();
    }
    return Arrays.stream(cookies)
        .filter(cookie -> cookie.getName().equals(name))
        .map(Cookie::getValue)
        .findFirst();
  }

  /** Gives the browser a cookie for as long as it runs. */
  public static void set(HttpServletResponse response, String name, String value) {
    response.addHeader(
        "Set-Cookie", name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Strict");
  }

  /** Takes a cookie away from the browser. */
  public static void clear(HttpServletResponse response, String name) {
    response.addHeader(
        "Set-Cookie", name + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
  }
}
