/** TLS contexts that cannot be weakened and that say in plain words why they refuse. */
@NullMarked
package io.snaprail.certificates.internal.tls;

import org.jspecify.annotations.NullMarked;
