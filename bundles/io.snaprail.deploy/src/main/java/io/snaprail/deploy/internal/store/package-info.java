/** What is deployed, on disk. */
@NullMarked
package io.snaprail.deploy.internal.store;

import org.jspecify.annotations.NullMarked;
