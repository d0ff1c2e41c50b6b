/** What Modbus makes of a TCP connection. */
@NullMarked
package io.snaprail.benchmarks.tcp;

import org.jspecify.annotations.NullMarked;
