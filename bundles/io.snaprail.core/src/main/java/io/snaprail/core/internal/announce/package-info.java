/** What the person who starts the gateway is told. */
@NullMarked
package io.snaprail.core.internal.announce;

import org.jspecify.annotations.NullMarked;
