/** The policy engine: pure functions over policy documents. */
@NullMarked
package io.snaprail.localiot.internal.policy;

import org.jspecify.annotations.NullMarked;
