package io.snaprail.console.internal.page;

import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.ext.Extension;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  /** Every uplink and how it is. */
  UPLINKS("/uplinks", "Uplinks", Role.VIEWER),
  /** A form for an uplink, new or old. */
  UPLINK("/uplink", "Set up an uplink", Role.ADMIN, UPLINKS),
  /** Register maps. */
  MAPS("/maps", "Register maps", Role.VIEWER),
  /** Access tokens for scripts. */
  TOKENS("/tokens", "Tokens", Role.ADMIN),
  /** Identities and trusted roots. */
  CERTIFICATES("/certificates", "Certificates", Role.ADMIN);

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

  /** Its address. */
  public String path() {
    return path;
  }

  /** Its name. */
  public String title() {
    return title;
  }

  /** The pages of the menu that a role may see. */
  static List<Page> inMenu(Role role) {
    return Arrays.stream(values())
        .filter(page -> page != ROOT && page.parent == null && role.includes(page.role))
        .toList();
  }

  /** The page as HTML. */
  public String render(Caller caller, List<Extension> extensions) {
    String file = name().toLowerCase(Locale.ROOT);
    Page entry = parent == null ? this : parent;
    return PageShell.render(
        title,
        Menu.html(caller.principal().role(), entry.path, extensions),
        Templates.render(file + ".html", Map.of("assets", Assets.root()))
            + PageShell.script(file + ".js"),
        caller);
  }
}
