package io.snaprail.console.internal.page;

import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.ext.Extension;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The menu: our own pages, those of extensions, some of Felix Web Console. */
public final class Menu {
  /** Pages of Felix Web Console that our menu leads to. */
  private static final Map<String, String> FELIX = new LinkedHashMap<>();

  static {
    FELIX.put("/system/console/configMgr", "Configuration");
    FELIX.put("/system/console/bundles", "Bundles");
    FELIX.put("/system/console/components", "Components");
  }

  private Menu() {}

  /**
   * The entries that a role may see.
   *
   * @param current path of the page that is shown, or name of its extension
   */
  public static String html(Role role, String current, List<Extension> extensions) {
    StringBuilder out = new StringBuilder();
    for (Page page : Page.inMenu(role)) {
      out.append(link(page.path(), page.title(), page.path().equals(current)));
    }
    for (Extension extension : extensions) {
      List<ConsolePage> pages = extension.pages(role);
      if (!pages.isEmpty()) {
        out.append(
            link(
                extension.address(pages.get(0)),
                extension.title(),
                extension.name().equals(current)));
      }
    }
    if (role.includes(Role.ADMIN)) {
      FELIX.forEach((path, title) -> out.append(link(path, title, false)));
    }
    return out.toString();
  }

  /** One entry. */
  public static String link(String path, String title, boolean current) {
    return "<li><a href=\""
        + path
        + "\""
        + (current ? " aria-current=\"page\"" : "")
        + ">"
        + Templates.escape(title)
        + "</a></li>";
  }
}
