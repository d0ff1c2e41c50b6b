/** What the endpoint makes for itself at first start: authority, server certificate, demo thing. */
@NullMarked
package io.snaprail.localiot.internal.setup;

import org.jspecify.annotations.NullMarked;
