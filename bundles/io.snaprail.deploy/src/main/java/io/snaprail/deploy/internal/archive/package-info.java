/** Bundles as files: structure, manifest, signature. */
@NullMarked
package io.snaprail.deploy.internal.archive;

import org.jspecify.annotations.NullMarked;
