/** Keys in hardware, by PKCS#11. */
@NullMarked
package io.snaprail.certificates.internal.token;

import org.jspecify.annotations.NullMarked;
