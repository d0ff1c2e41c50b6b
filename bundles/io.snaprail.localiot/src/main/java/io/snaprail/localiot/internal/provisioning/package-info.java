/** Fleet provisioning: a device with a claim certificate gets one of its own, and a thing. */
@NullMarked
package io.snaprail.localiot.internal.provisioning;

import org.jspecify.annotations.NullMarked;
