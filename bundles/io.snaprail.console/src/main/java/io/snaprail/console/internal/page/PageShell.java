package io.snaprail.console.internal.page;

import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Session;
import java.util.Locale;
import java.util.Map;

/** What stands around every page for people who are logged in. */
public final class PageShell {
  private PageShell() {}

  /**
   * A whole page.
   *
   * @param nav entries of the menu, HTML
   * @param content HTML, with the scripts that it needs
   */
  public static String render(String title, String nav, String content, Caller caller) {
    Session session = caller.session();
    return Templates.render(
        "page.html",
        Map.of(
            "title",
            title,
            "assets",
            Assets.root(),
            "nav",
            nav,
            "user",
            caller.principal().name(),
            "role",
            caller.principal().role().name().toLowerCase(Locale.ROOT),
            "csrf",
            session == null ? "" : session.csrfToken(),
            "content",
            content));
  }

  /**
   * Tabs between pages that belong together.
   *
   * @param links entries, HTML
   */
  public static String tabs(String title, String links) {
    return "<nav class=\"tabs\" aria-label=\""
        + Templates.escape(title)
        + "\"><ul>"
        + links
        + "</ul></nav>\n";
  }

  /** One of our own scripts. */
  static String script(String file) {
    return "\n<script src=\"" + Assets.root() + file + "\" defer></script>";
  }
}
