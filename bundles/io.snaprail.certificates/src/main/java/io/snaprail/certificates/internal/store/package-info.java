/** Identities and roots on disk. */
@NullMarked
package io.snaprail.certificates.internal.store;

import org.jspecify.annotations.NullMarked;
