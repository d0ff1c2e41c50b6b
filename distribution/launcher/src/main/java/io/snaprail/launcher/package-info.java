/** Starts the framework with the bundles that the feature files name. */
@NullMarked
package io.snaprail.launcher;

import org.jspecify.annotations.NullMarked;
