/** Measures serial sensors on simulated lines. */
@NullMarked
package io.snaprail.benchmarks.sensors;

import org.jspecify.annotations.NullMarked;
