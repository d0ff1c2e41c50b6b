/** Who may do what: sessions, cross-site checks, headers. */
@NullMarked
package io.snaprail.console.internal.access;

import org.jspecify.annotations.NullMarked;
