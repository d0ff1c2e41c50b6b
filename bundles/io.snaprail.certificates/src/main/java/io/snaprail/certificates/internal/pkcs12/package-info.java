/** PKCS#12 files that people bring. */
@NullMarked
package io.snaprail.certificates.internal.pkcs12;

import org.jspecify.annotations.NullMarked;
