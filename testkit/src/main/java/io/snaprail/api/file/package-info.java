/**
 * Faults for whatever keeps files; in AtomicFile's package, to reach what product code shall not.
 */
@NullMarked
package io.snaprail.api.file;

import org.jspecify.annotations.NullMarked;
