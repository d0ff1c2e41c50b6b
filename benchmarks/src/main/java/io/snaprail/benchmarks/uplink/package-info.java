/** An uplink's way from its spool to a broker, beside the bare client. */
@NullMarked
package io.snaprail.benchmarks.uplink;

import org.jspecify.annotations.NullMarked;
