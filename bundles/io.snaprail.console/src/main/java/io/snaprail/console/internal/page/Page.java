package io.snaprail.console.internal.page;

import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Session;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Our pages for people who are logged in. */
public enum Page {
  /** Leads to the points. */
  ROOT("/", "", Role.VIEWER),
  /** Live values. */
  POINTS("/points", "Points", Role.VIEWER),
  /** Every device and how it is. */
  DEVICES("/devices", "Devices", Role.VIEWER),
  /** One device. */
  DEVICE("/device", "Device", Role.VIEWER, DEVICES),
  /** A form for a device, new or old, with tests and tools. */
  SETUP("/setup", "Set up", Role.OPERATOR, DEVICES),
  /** Every bus and how it is used. */
  BUSES("/buses", "Buses", Role.VIEWER),
  /** Register maps. */
  MAPS("/maps", "Register maps", Role.VIEWER),
  /** Access tokens for scripts. */
  TOKENS("/tokens", "Tokens", Role.ADMIN),
  /** Identities and trusted roots. */
  CERTIFICATES("/certificates", "Certificates", Role.ADMIN);

  /** Pages of Felix Web Console that our menu leads to. */
  private static final Map<String, String> FELIX = new LinkedHashMap<>();

  static {
    FELIX.put("/system/console/configMgr", "Configuration");
    FELIX.put("/system/console/bundles", "Bundles");
    FELIX.put("/system/console/components", "Components");
  }

  private final String path;
  private final String title;
  private final Role role;
  private final @Nullable Page parent;

  Page(String path, String title, Role role) {
    this(path, title, role, null);
  }

  /** A page that is reached from another one, and not from the menu. */
  Page(String path, String title, Role role, @Nullable Page parent) {
    this.path = path;
    this.title = title;
    this.role = role;
    this.parent = parent;
  }

  /** The page at a path. */
  public static Optional<Page> at(String path) {
    return Arrays.stream(values()).filter(page -> page.path.equals(path)).findFirst();
  }

  /** Who may see it. */
  public Role role() {
    return role;
  }

  /** The page as HTML. */
  public String render(Caller caller) {
    Session session = caller.session();
    String file = name().toLowerCase(Locale.ROOT);
    return Templates.render(
        "page.html",
        Map.of(
            "title", title,
            "assets", Assets.root(),
            "script", file + ".js",
            "nav", nav(caller.principal().role()),
            "user", caller.principal().name(),
            "role", caller.principal().role().name().toLowerCase(Locale.ROOT),
            "csrf", session == null ? "" : session.csrfToken(),
            "content", Templates.render(file + ".html", Map.of("assets", Assets.root()))));
  }

  private String nav(Role viewer) {
    String ours =
        Arrays.stream(values())
            .filter(page -> page != ROOT && page.parent == null && viewer.includes(page.role))
            .map(page -> link(page.path, page.title, page == this || page == parent))
            .collect(Collectors.joining());
    String felix =
        viewer.includes(Role.ADMIN)
            ? FELIX.entrySet().stream()
                .map(entry -> link(entry.getKey(), entry.getValue(), false))
                .collect(Collectors.joining())
            : "";
    return ours + felix;
  }

  private static String link(String path, String title, boolean current) {
    return "<li><a href=\""
        + path
        + "\""
        + (current ? " aria-current=\"page\"" : "")
        + ">"
        + Templates.escape(title)
        + "</a></li>";
  }
}
