/** Bundles in the framework: swapped, watched, guarded. */
@NullMarked
package io.snaprail.deploy.internal.framework;

import org.jspecify.annotations.NullMarked;
