/** The certificate store and the small certificate authorities, as services. */
@NullMarked
package io.snaprail.certificates;

import org.jspecify.annotations.NullMarked;
