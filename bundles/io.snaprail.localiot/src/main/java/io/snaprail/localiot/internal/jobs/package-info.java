/** Jobs: what things are to do, and how far they are. */
@NullMarked
package io.snaprail.localiot.internal.jobs;

import org.jspecify.annotations.NullMarked;
