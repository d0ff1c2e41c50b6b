/** Where bundles come from. */
@NullMarked
package io.snaprail.deploy.internal.fetch;

import org.jspecify.annotations.NullMarked;
