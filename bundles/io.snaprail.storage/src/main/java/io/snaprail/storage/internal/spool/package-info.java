/** The spool, kept in memory. */
@NullMarked
package io.snaprail.storage.internal.spool;

import org.jspecify.annotations.NullMarked;
