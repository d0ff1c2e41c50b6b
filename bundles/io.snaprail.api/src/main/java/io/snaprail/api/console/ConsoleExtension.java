package io.snaprail.api.console;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a bundle adds to the console: an entry in the menu with one or more pages, the files that
 * the pages need, and calls below {@code /api/v1/ext/NAME/} that the pages and scripts use.
 * Registered as a service; everything is there as soon as the service is and gone as soon as it
 * goes, with 503 for calls that still wait.
 *
 * <p>The console asks for name, title, order, pages and calls once, when the service comes: they
 * return at once and do not change. It keeps what is its own: log-in, roles, forgery protection,
 * content security policy, host check, limits of size and number, the audit line before every
 * change, error answers. An extension that breaks a rule below is not shown; the health page says
 * which rule.
 */
@ConsumerType
public interface ConsoleExtension {
  /** Largest body of a call, in bytes of UTF-8. */
  int MAX_BODY_BYTES = 256 * 1024;

  /** Largest answer and largest file, in bytes. */
  int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

  /** Calls of one extension that run at the same time; more are answered with 503. */
  int MAX_RUNNING = 4;

  /** Answers of one extension that may be waited for at the same time; more are answered 503. */
  int MAX_WAITING = 32;

  /**
   * Its part of addresses, unique on the gateway: a letter, then up to 31 of {@code [a-z0-9-]}. Of
   * two extensions with one name the one that came first is shown.
   */
  String name();

  /** Its entry in the menu, 1..40 characters. */
  String title();

  /**
   * Its place in the menu among other extensions, smaller first; equal ones by title. The menu
   * leads to the first page that the person may see. They stand behind the console's own pages.
   */
  default int order() {
    return 100;
  }

  /** Its pages, 0..16 with different paths; several are shown as tabs in this order. */
  List<ConsolePage> pages();

  /** Its calls, 0..200 with different methods and paths. */
  List<ConsoleCall> calls();

  /**
   * A file that a page names, or the page itself. By default a resource in the package of the
   * extension's class, so that the files lie beside it in the bundle.
   *
   * @param file as a page names it: parts of {@code [A-Za-z0-9._-]} with {@code /} between, none of
   *     which begins with a dot; browsers get only css, js, svg, png and txt
   * @return null when there is none; closed by the console
   */
  default @Nullable InputStream file(String file) {
    return getClass().getResourceAsStream(file);
  }
}
