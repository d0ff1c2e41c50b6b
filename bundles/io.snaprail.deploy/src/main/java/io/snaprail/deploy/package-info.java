/** Deployment of bundles, and support bundles. */
@NullMarked
package io.snaprail.deploy;

import org.jspecify.annotations.NullMarked;
