/** The life of the endpoint: from configuration to listening, and back. */
@NullMarked
package io.snaprail.localiot.internal;

import org.jspecify.annotations.NullMarked;
