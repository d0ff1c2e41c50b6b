/** Things, certificates and policies, kept on disk. */
@NullMarked
package io.snaprail.localiot.internal.registry;

import org.jspecify.annotations.NullMarked;
