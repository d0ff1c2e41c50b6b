/** What Modbus makes of a serial line. */
@NullMarked
package io.snaprail.benchmarks.line;

import org.jspecify.annotations.NullMarked;
