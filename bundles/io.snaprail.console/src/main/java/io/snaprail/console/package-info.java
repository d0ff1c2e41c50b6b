/** The web console: its HTTPS connector, the guard before every request, pages and API. */
@NullMarked
package io.snaprail.console;

import org.jspecify.annotations.NullMarked;
