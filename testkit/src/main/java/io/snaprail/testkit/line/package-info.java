/**
 * A serial line that keeps to its baud rate, and fails as told: for drivers of serial devices. Runs
 * on Linux and needs gcc.
 */
@NullMarked
package io.snaprail.testkit.line;

import org.jspecify.annotations.NullMarked;
