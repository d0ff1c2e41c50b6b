/** The spool: a log of segments for each lane. */
@NullMarked
package io.snaprail.storage.internal.spool;

import org.jspecify.annotations.NullMarked;
