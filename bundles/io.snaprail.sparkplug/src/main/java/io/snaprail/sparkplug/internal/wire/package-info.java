/** Payloads of Sparkplug B (specification 3.0.0, 6.4) in the wire format of Protocol Buffers. */
@NullMarked
package io.snaprail.sparkplug.internal.wire;

import org.jspecify.annotations.NullMarked;
