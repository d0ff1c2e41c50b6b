/** What the local cloud endpoint carries, beside Mosquitto under the same load. */
@NullMarked
package io.snaprail.benchmarks.localiot;

import org.jspecify.annotations.NullMarked;
