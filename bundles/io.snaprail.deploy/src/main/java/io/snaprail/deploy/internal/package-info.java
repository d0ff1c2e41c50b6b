/** What the parts of the deployment share. */
@NullMarked
package io.snaprail.deploy.internal;

import org.jspecify.annotations.NullMarked;
