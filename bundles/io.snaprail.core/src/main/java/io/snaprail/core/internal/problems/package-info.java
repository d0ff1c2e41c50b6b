/** The problem board. */
@NullMarked
package io.snaprail.core.internal.problems;

import org.jspecify.annotations.NullMarked;
