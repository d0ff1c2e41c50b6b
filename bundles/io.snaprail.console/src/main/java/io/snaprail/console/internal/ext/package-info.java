/** What other bundles add to the console. */
@NullMarked
package io.snaprail.console.internal.ext;

import org.jspecify.annotations.NullMarked;
