/** Strict JSON, as the cloud reads it. */
@NullMarked
package io.snaprail.localiot.internal.json;

import org.jspecify.annotations.NullMarked;
