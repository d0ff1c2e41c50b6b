/** Support bundles. */
@NullMarked
package io.snaprail.deploy.internal.support;

import org.jspecify.annotations.NullMarked;
