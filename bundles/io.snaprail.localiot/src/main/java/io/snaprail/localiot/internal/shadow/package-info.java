/** The shadow service: what is desired, what is reported, and the difference. */
@NullMarked
package io.snaprail.localiot.internal.shadow;

import org.jspecify.annotations.NullMarked;
