/** What is kept of a rotation on disk, and when one is due. */
@NullMarked
package io.snaprail.certificates.internal.rotation;

import org.jspecify.annotations.NullMarked;
