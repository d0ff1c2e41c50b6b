package io.snaprail.console.internal.page;

import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.ext.Extension;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Serves the pages of extensions and their files, to people who are logged in. */
public final class ExtensionPages {
  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain;charset=utf-8");

  private final Services services;

  /** With the extensions to serve. */
  public ExtensionPages(Services services) {
    this.services = services;
  }

  /** Serves {@code /ext/NAME/PAGE} and {@code /ext/NAME/files/TAG/FILE}. */
  public void serve(String path, Caller caller, HttpServletResponse response)
      throws Refusal, IOException {
    String[] parts = path.split("/", 6);
    Extension extension =
        services.extensions().stream()
            .filter(one -> parts.length > 3 && one.name().equals(parts[2]))
            .findFirst()
            .orElseThrow(() -> missing(path));
    if (parts.length == 6 && parts[3].equals("files")) {
      file(extension, parts[4], parts[5], response);
    } else if (parts.length == 4) {
      ConsolePage page =
          extension.pages().stream()
              .filter(one -> one.path().equals(parts[3]))
              .findFirst()
              .orElseThrow(() -> missing(path));
      page(extension, page, caller, response);
    } else {
      throw missing(path);
    }
  }

  private void page(
      Extension extension, ConsolePage page, Caller caller, HttpServletResponse response)
      throws Refusal, IOException {
    Role role = caller.principal().role();
    if (!role.includes(page.role())) {
      throw Refusal.role(page.role());
    }
    byte[] content =
        extension
            .file(page.file())
            .orElseThrow(
                () ->
                    new Refusal(
                        500,
                        "extension",
                        "This page's file is missing in the bundle that has it."));
    String html =
        new String(content, StandardCharsets.UTF_8).replace("{{files}}", extension.files());
    response.setContentType("text/html;charset=utf-8");
    response
        .getWriter()
        .write(
            PageShell.render(
                title(extension, page),
                Menu.html(role, extension.name(), services.extensions()),
                tabs(extension, page, role) + html,
                caller));
  }

  private static String title(Extension extension, ConsolePage page) {
    return page.title().equals(extension.title())
        ? page.title()
        : page.title() + " · " + extension.title();
  }

  private static String tabs(Extension extension, ConsolePage current, Role role) {
    List<ConsolePage> pages = extension.pages(role);
    if (pages.size() < 2) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (ConsolePage page : pages) {
      out.append(Menu.link(extension.address(page), page.title(), page.equals(current)));
    }
    return PageShell.tabs(extension.title(), out.toString());
  }

  private static void file(
      Extension extension, String tag, String file, HttpServletResponse response)
      throws Refusal, IOException {
    String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
    // An old address must not be given new content: it would be kept for ever.
    byte[] content =
        type == null || !extension.isCurrent(tag) ? null : extension.file(file).orElse(null);
    if (content == null) {
      throw missing(extension.files() + file);
    }
    response.setHeader("Cache-Control", "private, max-age=31536000, immutable");
    response.setContentType(type);
    response.setContentLength(content.length);
    response.getOutputStream().write(content);
  }

  private static Refusal missing(String path) {
    return new Refusal(
        404, "not_found", "There is nothing at " + path + "; perhaps its bundle was removed.");
  }
}
