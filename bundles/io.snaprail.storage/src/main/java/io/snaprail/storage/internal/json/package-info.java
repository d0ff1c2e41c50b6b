/** A JSON reader that knows where everything stood. */
@NullMarked
package io.snaprail.storage.internal.json;

import org.jspecify.annotations.NullMarked;
