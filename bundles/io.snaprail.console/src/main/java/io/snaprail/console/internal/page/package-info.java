/** HTML pages and their static parts. */
@NullMarked
package io.snaprail.console.internal.page;

import org.jspecify.annotations.NullMarked;
