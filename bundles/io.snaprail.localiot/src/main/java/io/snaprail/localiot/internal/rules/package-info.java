/** A minimal rules engine: SELECT, FROM, WHERE, and what to do with the outcome. */
@NullMarked
package io.snaprail.localiot.internal.rules;

import org.jspecify.annotations.NullMarked;
