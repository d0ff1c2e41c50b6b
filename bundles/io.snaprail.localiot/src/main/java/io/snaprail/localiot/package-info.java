/** A local cloud endpoint that behaves as AWS IoT Core does, for demo, commissioning and tests. */
@NullMarked
package io.snaprail.localiot;

import org.jspecify.annotations.NullMarked;
