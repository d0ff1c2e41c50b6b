package io.snaprail.api.console;

import io.snaprail.api.security.Role;
import java.util.Objects;

/**
 * A page of an extension, at {@code /ext/NAME/PATH}.
 *
 * <p>Its file is what stands between the console's header and the end of the page: HTML in UTF-8
 * without inline script, inline style or {@code on...} attributes, which browsers are told not to
 * run. It names its own files behind <code>{{files}}</code>, such as {@code <script
 * src="{{files}}meter.js" defer></script>} and {@code <link rel="stylesheet"
 * href="{{files}}meter.css">}. The console's style sheet and its script {@code snaprail} are there
 * already.
 *
 * @param path 1..32 of {@code [a-z0-9-]}
 * @param title 1..40 characters: of the window, and of the tab when there are several pages
 * @param role who may see it
 * @param file its HTML, see {@link ConsoleExtension#file}
 */
public record ConsolePage(String path, String title, Role role, String file) {
  /** Checks the ranges. */
  public ConsolePage {
    Names.require("page", path, Names.PART);
    Names.requireTitle("page " + path, title);
    Objects.requireNonNull(role, "role");
    Names.require("page " + path + ": file", file, Names.FILE);
  }
}
