/** What the services of this bundle are made of; knows nothing of OSGi. */
@NullMarked
package io.snaprail.security.internal;

import org.jspecify.annotations.NullMarked;
