/** Synchronisation with device shadows. */
@NullMarked
package io.snaprail.awsiot.internal.shadow;

import org.jspecify.annotations.NullMarked;
