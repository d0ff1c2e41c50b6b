/** An edge node of Sparkplug B 3.0: births, deaths, data, commands. */
@NullMarked
package io.snaprail.sparkplug.internal;

import org.jspecify.annotations.NullMarked;
