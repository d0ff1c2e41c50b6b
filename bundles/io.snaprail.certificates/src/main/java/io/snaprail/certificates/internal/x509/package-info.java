/** Keys, names, requests and certificates: pure functions. */
@NullMarked
package io.snaprail.certificates.internal.x509;

import org.jspecify.annotations.NullMarked;
